package io.tidemark.cli;

import io.tidemark.base.Bytes;
import io.tidemark.client.TidemarkClient;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `put KEY VALUE`: writes one key.
@Command(
    name = "put",
    description = "Write a key. The value is the argument, what a file holds, or standard input.")
public final class PutCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
  private String key = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VALUE",
      description = "The value; - for standard input, byte by byte.")
  private @Nullable String value;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Take the value from this file, byte by byte.")
  private @Nullable Path file;

  @Mixin private final TextOptions text = new TextOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  PutCommand(Streams streams) {
    super(streams);
  }

  @Override
  int run(OutputStream out) throws IOException {
    Bytes name = text.bytes(key);
    Bytes content = content();
    try (TidemarkClient client = connect()) {
      Revisions.write(out, output.format(), client.put(name, content).revision());
      return ExitCode.OK;
    }
  }

  private Bytes content() throws IOException {
    if ((value == null) == (file == null)) {
      throw new Usage("give a VALUE (or - for standard input) or --file FILE, one of the two");
    } else if (file != null) {
      return Bytes.wrap(Files.readAllBytes(file));
    } else if (value == null || value.equals("-")) {
      return Bytes.wrap(streams().in().readAllBytes());
    }
    return text.bytes(value);
  }
}
