package io.tidemark.log.journal;

import io.tidemark.base.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/// A journal of one segment on a disk in memory, written group by group, whose bytes a test then
/// damages.
final class Image {
  static final int SEGMENT_BYTES = 16 << 10;
  static final String FILE = "0000000000000001.seg";

  private static final JournalConfig CONFIG = config();

  private final CrashDisk disk = new CrashDisk(1);
  private final GroupWriter writer;
  private final List<List<Bytes>> batches = new ArrayList<>();
  private final List<Integer> offsets = new ArrayList<>();
  private long tail = 1;

  /// An empty log.
  Image() throws IOException {
    Recovery.Recovered begun = Recovery.recover(disk, CONFIG);
    writer =
        new GroupWriter(
            disk.buffer(GroupWriter.BUFFER_BYTES), begun.active(), begun.file(), begun.offset());
  }

  private static JournalConfig config() {
    JournalConfig config = JournalConfig.of(Path.of("unused")).withSegmentBytes(SEGMENT_BYTES);
    return config.withSeams(config.threads(), () -> new UUID(5, 6));
  }

  /// The settings it was written with.
  static JournalConfig settings() {
    return CONFIG;
  }

  /// A record of this many bytes, none of them zero.
  static Bytes noise(Random random, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (1 + random.nextInt(255));
    }
    return Bytes.wrap(bytes);
  }

  /// Writes one group of these batches.
  Image group(List<List<Bytes>> group) throws IOException {
    for (List<Bytes> batch : group) {
      offsets.add(writer.offset());
      writer.frame(Frame.Kind.DATA, tail, batch);
      tail += batch.size();
      batches.add(batch);
    }
    writer.force();
    return this;
  }

  /// Writes a clean close.
  Image close() throws IOException {
    writer.frame(Frame.Kind.CLOSE, tail, List.of());
    writer.force();
    return this;
  }

  /// Where the frame of a batch begins; the batch after the last begins where the frames end.
  int offset(int batch) {
    return batch < offsets.size() ? offsets.get(batch) : writer.offset();
  }

  /// The position of a batch's first record.
  long position(int batch) {
    return 1 + batches.subList(0, batch).stream().mapToLong(List::size).sum();
  }

  /// How many batches there are.
  int size() {
    return batches.size();
  }

  /// The segment's bytes.
  byte[] bytes() {
    return disk.read(FILE);
  }

  /// The log's directory with other bytes in the segment.
  CrashDisk with(byte[] segment) {
    return with(segment, 2);
  }

  /// The same on a disk with this seed.
  CrashDisk with(byte[] segment, long seed) {
    var damaged = new CrashDisk(seed);
    damaged.replace(LogIdentity.FILE, disk.read(LogIdentity.FILE));
    damaged.replace(FILE, segment);
    return damaged;
  }
}
