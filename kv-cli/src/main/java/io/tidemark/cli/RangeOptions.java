package io.tidemark.cli;

import io.tidemark.client.KeyRange;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// From where to where a walk over keys goes.
final class RangeOptions {
  @Option(names = "--from", paramLabel = "KEY", description = "Begin at this key, inclusive.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "KEY", description = "End before this key.")
  private @Nullable String to;

  KeyRange range(@Nullable String prefix, TextOptions text) {
    if (from == null && to == null) {
      return KeyRange.prefix(text.bytes(prefix == null ? "" : prefix));
    } else if (prefix != null) {
      throw new ClientCommand.Usage("give a PREFIX, or --from and --to, not both");
    }
    var first = text.bytes(from == null ? "" : from);
    return to == null ? KeyRange.from(first) : KeyRange.between(first, text.bytes(to));
  }
}
