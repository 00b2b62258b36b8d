package io.tidemark.server.operate;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a state is put together aside.
final class ScratchOption {
  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description =
          "Where the state is put together, with room for two of it; it is not there or empty, and"
              + " removed in the end. Default: none, a directory for temporary files.")
  @Nullable Path directory;
}
