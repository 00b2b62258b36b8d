package io.tidemark.cli;

import io.tidemark.client.KeyValue;
import io.tidemark.client.TidemarkClient;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `get KEY`: reads one key.
@Command(
    name = "get",
    description = {
      "Read a key. Without -o the value and a newline are written; with -o raw the value alone.",
      "A key that is not there is exit code 3."
    })
public final class GetCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
  private String key = "";

  @Mixin private final ReadOptions read = new ReadOptions();
  @Mixin private final TextOptions text = new TextOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  GetCommand(Streams streams) {
    super(streams);
  }

  @Override
  int run(OutputStream out) throws IOException {
    try (TidemarkClient client = connect()) {
      Optional<KeyValue> found = client.get(text.bytes(key), read.consistency()).pair();
      if (found.isEmpty()) {
        streams().err().println("tidemark: no such key: " + key);
        return ExitCode.NOT_FOUND;
      }
      write(out, found.get());
      return ExitCode.OK;
    }
  }

  private void write(OutputStream out, KeyValue pair) throws IOException {
    if (!output.isGiven()) {
      println(out, text.text(pair.value()));
    } else if (output.format() == OutputOptions.Format.RAW) {
      out.write(pair.value().unsafeArray());
    } else {
      var pairs = new PairOutput(out, output.format(), text, false);
      pairs.write(pair);
      pairs.end();
    }
  }
}
