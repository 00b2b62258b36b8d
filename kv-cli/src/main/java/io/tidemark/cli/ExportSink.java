package io.tidemark.cli;

import io.tidemark.client.KeyValue;
import io.tidemark.parquet.PairsFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where exported pairs go.
interface ExportSink {
  /// Writes one and answers how many bytes there are now.
  long add(KeyValue pair) throws IOException;

  /// Everything was added, as of this revision.
  void complete(long revision) throws IOException;

  /// Nothing more comes, though there is more.
  void cutOff() throws IOException;

  /// Lines of text; what is cut off is kept.
  final class Lines implements ExportSink {
    private final OutputStream out;
    private final LineFormat format;
    private long bytes;

    /// @param bytes how many there are before the first line
    Lines(OutputStream out, LineFormat format, long bytes) {
      this.out = out;
      this.format = format;
      this.bytes = bytes;
    }

    @Override
    public long add(KeyValue pair) throws IOException {
      byte[] line =
          (format.encode(pair.key(), pair.value()) + '\n').getBytes(StandardCharsets.UTF_8);
      out.write(line);
      bytes += line.length;
      return bytes;
    }

    @Override
    public void complete(long revision) throws IOException {
      out.flush();
    }

    @Override
    public void cutOff() throws IOException {
      out.flush();
    }
  }

  /// A Parquet file, which is there when it is complete.
  final class Parquet implements ExportSink {
    private final PairsFile file;
    private final String logId;

    /// @param logId names the database in the file's metadata; may be empty
    Parquet(PairsFile file, String logId) {
      this.file = file;
      this.logId = logId;
    }

    @Override
    public long add(KeyValue pair) throws IOException {
      file.add(
          pair.key(), pair.value(), pair.createRevision(), pair.modifyRevision(), pair.version());
      return file.bytes();
    }

    @Override
    public void complete(long revision) throws IOException {
      Map<String, String> metadata = new LinkedHashMap<>();
      metadata.put("tidemark.revision", Long.toString(revision));
      if (!logId.isEmpty()) {
        metadata.put("tidemark.log", logId);
      }
      file.complete(metadata);
    }

    @Override
    public void cutOff() {}
  }
}
