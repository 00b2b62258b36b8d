package io.tidemark.cli;

import io.tidemark.client.TidemarkClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `import FILE`: writes every pair of a file.
@Command(
    name = "import",
    description = {
      "Write every pair of a file, many at once; the last of two lines with one key wins.",
      "",
      "  jsonl  {\"key\":\"tide\",\"value\":\"high\"}; key_b64 and value_b64 for what is not text",
      "  tsv    the key, a tab, the value; in them \\t \\n \\r \\\\ and \\xNN",
      "",
      "What is acknowledged is noted in FILE.tidemark-progress, from which --resume goes on;",
      "the note goes away when all is done."
    })
public final class ImportCommand extends ClientCommand {
  /// What becomes of a line that cannot be imported.
  enum OnError {
    /// The import ends there.
    STOP,
    /// The line is left out.
    SKIP
  }

  @Parameters(index = "0", paramLabel = "FILE", description = "The file; - for standard input.")
  private String file = "-";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "jsonl or tsv (default: tsv where FILE ends in .tsv, otherwise jsonl).")
  private @Nullable LineFormat format;

  @Option(names = "--resume", description = "Go on after what an earlier import has done.")
  private boolean resume;

  @Option(
      names = "--on-error",
      paramLabel = "ACTION",
      defaultValue = "stop",
      description =
          "stop or skip: what to do about a line that is wrong; it is named either way (default:"
              + " stop).")
  private OnError onError = OnError.STOP;

  @Option(
      names = "--in-flight",
      paramLabel = "COUNT",
      defaultValue = "256",
      description = "How many writes are under way at once, 1 to 4000 (default: 256).")
  private int inFlight = 256;

  @Option(
      names = "--progress",
      paramLabel = "STYLE",
      defaultValue = "auto",
      description = "bar, lines, none, or auto: a bar on a terminal (default: auto).")
  private Progress.Style progress = Progress.Style.AUTO;

  ImportCommand(Streams streams) {
    super(streams);
  }

  @Override
  int run(OutputStream out) throws IOException, InterruptedException {
    if (inFlight < 1 || inFlight > 4_000) {
      throw new Usage("--in-flight is 1 to 4000");
    }
    if (file.equals("-")) {
      if (resume) {
        throw new Usage("--resume needs a FILE: standard input cannot be gone back to");
      }
      return load(streams().in(), Checkpoint.BEGINNING, null, -1);
    }
    Path path = Path.of(file);
    long bytes = Files.size(path);
    Checkpoint from = resume ? resumed(path) : Checkpoint.BEGINNING;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        InputStream in = Channels.newInputStream(channel.position(from.offset()))) {
      return load(in, from, path, bytes);
    }
  }

  private Checkpoint resumed(Path path) throws IOException {
    Optional<Checkpoint> saved = Checkpoint.load(path);
    streams()
        .err()
        .println(
            saved
                .map(checkpoint -> "tidemark: resuming after line " + checkpoint.lines())
                .orElse("tidemark: nothing to resume, importing from the beginning"));
    return saved.orElse(Checkpoint.BEGINNING);
  }

  private int load(InputStream in, Checkpoint from, @Nullable Path path, long bytes)
      throws IOException, InterruptedException {
    LineFormat lines = LineFormat.of(format, file);
    try (TidemarkClient client = connect();
        var shown = new Progress(streams().err(), "import", progress, bytes, from.offset())) {
      var plan =
          new Importer.Plan(
              file, lines, onError == OnError.SKIP, inFlight, from, path, streams().err());
      return new Importer(client.async(), plan, shown)
          .run(new LineReader(in, from.offset(), from.lines()));
    }
  }
}
