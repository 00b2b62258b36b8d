package io.tidemark.cli;

import io.tidemark.client.Scan;
import io.tidemark.client.ScanRequest;
import io.tidemark.client.TidemarkClient;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `scan [PREFIX]`: reads keys in order.
@Command(
    name = "scan",
    description = {
      "Read keys in order, all at one revision: those with a prefix, from one to another, or all.",
      "With -o raw each line is the key, a tab and the value."
    })
public final class ScanCommand extends ClientCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PREFIX",
      description = "Every key that begins so; without it every key there is.")
  private @Nullable String prefix;

  @Mixin private final RangeOptions range = new RangeOptions();

  @Option(
      names = "--limit",
      paramLabel = "COUNT",
      defaultValue = "0",
      description = "At most so many; 0: all (default: 0).")
  private long limit;

  @Option(names = "--reverse", description = "From the greatest key back.")
  private boolean reverse;

  @Option(names = "--keys-only", description = "Leave the values out.")
  private boolean keysOnly;

  @Mixin private final ReadOptions read = new ReadOptions();
  @Mixin private final TextOptions text = new TextOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  ScanCommand(Streams streams) {
    super(streams);
  }

  @Override
  int run(OutputStream out) throws IOException {
    if (limit < 0) {
      throw new Usage("--limit is not negative");
    }
    var request =
        new ScanRequest(range.range(prefix, text), limit, reverse, keysOnly, read.consistency());
    var pairs = new PairOutput(out, output.format(), text, keysOnly);
    try (TidemarkClient client = connect();
        Scan scan = client.scan(request)) {
      while (scan.hasNext()) {
        pairs.write(scan.next());
      }
      pairs.end();
      if (scan.more()) {
        streams().err().println("tidemark: --limit reached, more keys follow");
      }
      return ExitCode.OK;
    }
  }
}
