package io.tidemark.parquet;

import io.tidemark.base.Bytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;

/// A Parquet file of pairs that is being written, in the order in which they are added.
///
/// ```text
/// key               binary   the key's bytes
/// value             binary   the value's bytes
/// create_revision   int64    the change that made the key
/// modify_revision   int64    its latest change
/// version           int64    how often it was written since it was made, from 1
/// ```
///
/// Pages are compressed with zstd. Up to 64 MiB of pages, before they are written, and the largest
/// pair are in memory. The file is written as `FILE.part` and gets its name when it is complete and
/// on the disk.
public final class PairsFile implements AutoCloseable {
  /// How much is gathered before it is written: DuckDB reads the row groups of a file in parallel,
  /// and few of them keep the file's index small.
  private static final long ROW_GROUP_BYTES = 64L << 20;

  private static final String UNFINISHED = ".part";

  private final Path file;
  private final Path unfinished;
  private final PairsSupport support = new PairsSupport();
  private final ParquetWriter<PairsSupport.Row> writer;
  private boolean ended;

  private PairsFile(Path file) throws IOException {
    this.file = file;
    unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
    writer =
        new PairsSupport.Builder(new LocalOutputFile(unfinished), support)
            .withConf(new PlainParquetConfiguration())
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .withCodecFactory(new ZstdCodec())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize(ROW_GROUP_BYTES)
            // A key stands there once, and so do most revisions.
            .withDictionaryEncoding(false)
            .withDictionaryEncoding("value", true)
            .withDictionaryEncoding("version", true)
            // Sizes are looked at after every row: the next may be a thousand times as large.
            .withMinRowCountForPageSizeCheck(1)
            .withMaxRowCountForPageSizeCheck(1)
            .build();
  }

  /// Begins a file, which replaces one of that name when it is complete. What an earlier attempt
  /// left is gone.
  public static PairsFile create(Path file) throws IOException {
    return new PairsFile(file);
  }

  /// Adds a pair.
  public void add(Bytes key, Bytes value, long createRevision, long modifyRevision, long version)
      throws IOException {
    writer.write(new PairsSupport.Row(key, value, createRevision, modifyRevision, version));
  }

  /// How many bytes there are, written or gathered.
  public long bytes() {
    return writer.getDataSize();
  }

  /// Ends the file and gives it its name.
  ///
  /// @param metadata what is said of the whole, as text
  public void complete(Map<String, String> metadata) throws IOException {
    support.sayOfTheWhole(metadata);
    ended = true;
    writer.close();
    try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// Lets go of the file; of one that is not complete nothing stays.
  @Override
  public void close() throws IOException {
    if (!ended) {
      ended = true;
      try {
        writer.close();
      } finally {
        Files.deleteIfExists(unfinished);
      }
    }
  }
}
