package io.tidemark.cli;

import io.tidemark.client.DeleteRangeResult;
import io.tidemark.client.DeleteResult;
import io.tidemark.client.KeyRange;
import io.tidemark.client.TidemarkClient;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `del KEY`, `del --prefix P`, `del --range FROM TO`: removes keys.
@Command(
    name = "del",
    description = {
      "Remove a key, or every key of a range at one revision.",
      "A single KEY that was not there is exit code 3; an empty range is not."
    })
public final class DelCommand extends ClientCommand {
  @Parameters(index = "0", arity = "0..1", paramLabel = "KEY", description = "The key.")
  private @Nullable String key;

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "Every key that begins so; empty: every key there is.")
  private @Nullable String prefix;

  @Option(
      names = "--range",
      arity = "2",
      paramLabel = "KEY",
      description = "Every key from the first, inclusive, to the second, exclusive.")
  private @Nullable List<String> range;

  @Mixin private final TextOptions text = new TextOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  DelCommand(Streams streams) {
    super(streams);
  }

  @Override
  int run(OutputStream out) throws IOException {
    int given = (key == null ? 0 : 1) + (prefix == null ? 0 : 1) + (range == null ? 0 : 1);
    if (given != 1) {
      throw new Usage("give one of KEY, --prefix PREFIX and --range FROM TO");
    }
    try (TidemarkClient client = connect()) {
      if (key != null) {
        DeleteResult result = client.delete(text.bytes(key));
        Revisions.write(out, output.format(), result.revision(), result.deleted() ? 1 : 0);
        return result.deleted() ? ExitCode.OK : ExitCode.NOT_FOUND;
      }
      DeleteRangeResult result = client.deleteRange(keys());
      Revisions.write(out, output.format(), result.revision(), result.deletedCount());
      return ExitCode.OK;
    }
  }

  private KeyRange keys() {
    if (prefix != null) {
      return KeyRange.prefix(text.bytes(prefix));
    } else if (range != null && range.size() == 2) {
      return KeyRange.between(text.bytes(range.get(0)), text.bytes(range.get(1)));
    }
    throw new Usage("--range takes two keys");
  }
}
