package io.tidemark.cli;

import io.tidemark.base.Bytes;
import io.tidemark.client.KeyRange;
import io.tidemark.client.Scan;
import io.tidemark.client.ScanRequest;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkException;
import io.tidemark.parquet.PairsFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `export FILE`: writes every pair into a file.
@Command(
    name = "export",
    description = {
      "Write pairs into a file, in the order of their keys, all as of one revision.",
      "",
      "  jsonl    {\"key\":\"tide\",\"value\":\"high\"}; key_b64 and value_b64 for what is not",
      "           text",
      "  tsv      the key, a tab, the value; in them \\t \\n \\r \\\\ and \\xNN",
      "  parquet  a table for DuckDB and the like with the columns key, value (binary, so",
      "           decode(key)), create_revision, modify_revision, version; the revision of the",
      "           whole is in its metadata. The file is there when it is complete.",
      "",
      "Lines that were cut off go on with --resume after the last complete one; what is added is",
      "then of a later revision."
    })
public final class ExportCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "FILE", description = "The file; - for standard output.")
  private String file = "-";

  @Option(names = "--prefix", paramLabel = "PREFIX", description = "Only keys that begin so.")
  private @Nullable String prefix;

  @Mixin private final RangeOptions range = new RangeOptions();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "jsonl, tsv or parquet (default: as FILE ends in .tsv or .parquet, otherwise jsonl).")
  private @Nullable ExportFormat format;

  @Option(names = "--resume", description = "Go on after the last complete line of FILE.")
  private boolean resume;

  @Option(names = "--overwrite", description = "Replace a FILE that is there.")
  private boolean overwrite;

  @Option(
      names = "--progress",
      paramLabel = "STYLE",
      defaultValue = "auto",
      description = "bar, lines, none, or auto: a bar on a terminal (default: auto).")
  private Progress.Style progress = Progress.Style.AUTO;

  @Mixin private final ReadOptions read = new ReadOptions();
  @Mixin private final TextOptions text = new TextOptions();

  ExportCommand(Streams streams) {
    super(streams);
  }

  @Override
  int run(OutputStream out) throws IOException {
    KeyRange all = range.range(prefix, text);
    return switch (ExportFormat.of(format, file)) {
      case JSONL -> writeLines(out, all, LineFormat.JSONL);
      case TSV -> writeLines(out, all, LineFormat.TSV);
      case PARQUET -> writeParquet(all);
    };
  }

  private int writeLines(OutputStream out, KeyRange all, LineFormat lines) throws IOException {
    if (file.equals("-")) {
      if (resume) {
        throw new Usage("--resume needs a FILE: standard output cannot be gone back to");
      }
      return write(new ExportSink.Lines(out, lines, 0), all, 0);
    }
    Path path = Path.of(file);
    if (isThere(path) && !resume) {
      throw new Errors.Failed(
          path + " is there already; --resume goes on with it, --overwrite replaces it");
    }
    try (FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      Optional<LastLine> last = resume ? LastLine.find(channel) : Optional.empty();
      long keep = last.map(LastLine::endOffset).orElse(0L);
      KeyRange rest = last.isPresent() ? after(last.get(), all, lines) : all;
      channel.truncate(keep).position(keep);
      try (var buffered = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
        int code = write(new ExportSink.Lines(buffered, lines, keep), rest, keep);
        channel.force(true);
        return code;
      }
    }
  }

  private int writeParquet(KeyRange all) throws IOException {
    if (file.equals("-") || resume) {
      throw new Usage(
          file.equals("-")
              ? "a Parquet file needs a FILE: standard output would hold half of one if it fails"
              : "a Parquet file is whole or not there: export it again without --resume");
    }
    Path path = Path.of(file);
    if (isThere(path)) {
      throw new Errors.Failed(path + " is there already; --overwrite replaces it");
    }
    String logId;
    try (TidemarkClient client = connect()) {
      logId = client.serverInfo().log().id();
    }
    try (PairsFile pairs = PairsFile.create(path)) {
      return write(new ExportSink.Parquet(pairs, logId), all, 0);
    }
  }

  private boolean isThere(Path path) throws IOException {
    return Files.exists(path) && Files.size(path) > 0 && !overwrite;
  }

  private KeyRange after(LastLine last, KeyRange all, LineFormat lines) {
    Bytes key;
    try {
      key = lines.decode(last.content().utf8()).key();
    } catch (LineFormat.BadLine bad) {
      throw new Errors.Failed(
          "the last line of " + file + " is " + bad.getMessage() + "; export with --overwrite");
    }
    streams().err().println("tidemark: resuming after the key " + text.text(key));
    return Ranges.after(all, key)
        .orElseThrow(() ->
            new Errors.Failed(
                "the last key of " + file + " is not in the range that is asked for"));
  }

  private int write(ExportSink sink, KeyRange keys, long bytesBefore) throws IOException {
    var request = ScanRequest.of(keys).withConsistency(read.consistency());
    long records = 0;
    try (TidemarkClient client = connect();
        var shown = new Progress(streams().err(), "export", progress, -1, bytesBefore);
        Scan scan = client.scan(request)) {
      try {
        while (scan.hasNext()) {
          long bytes = sink.add(scan.next());
          records++;
          shown.show(records, bytes);
        }
      } catch (TidemarkException cut) {
        sink.cutOff();
        shown.done("exported " + records + " records, not all", records);
        streams().err().println("tidemark: " + Errors.describe(cut) + advice());
        return Errors.codeOf(cut);
      }
      sink.complete(scan.revision());
      shown.done("exported " + records + " records as of revision " + scan.revision(), records);
      return ExitCode.OK;
    }
  }

  private String advice() {
    if (ExportFormat.of(format, file) == ExportFormat.PARQUET) {
      return " (no file was written)";
    }
    return file.equals("-") ? "" : " (--resume goes on after the last line)";
  }
}
