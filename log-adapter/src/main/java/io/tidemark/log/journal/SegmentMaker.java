package io.tidemark.log.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Makes segment files: full of zeros and forced before they are used, so that a group commit
/// changes no length and what a crash leaves unwritten is zero. The committer's thread.
///
/// The next one of the usual size is made ahead of need, under a temporary name.
final class SegmentMaker implements Closeable {
  /// How the names of files end that are not yet part of the journal.
  static final String UNFINISHED = ".tmp";

  private static final String NEXT = "next" + UNFINISHED;
  private static final String LARGE = "large" + UNFINISHED;
  private static final ByteBuffer ZEROS = ByteBuffer.allocate(128 << 10).asReadOnlyBuffer();

  private final Storage storage;
  private final Housekeeper housekeeper;
  private final int usualBytes;

  private @Nullable CompletableFuture<StorageFile> next;

  /// Makes segments of `usualBytes`, and larger ones where they are asked for.
  SegmentMaker(Storage storage, Housekeeper housekeeper, int usualBytes) {
    this.storage = storage;
    this.housekeeper = housekeeper;
    this.usualBytes = usualBytes;
  }

  /// A segment and the file to write it with.
  record Made(Segment segment, StorageFile file) {}

  /// Sees to it that a segment of the usual size is made meanwhile. A failure counts when the
  /// segment is needed.
  void prepare() {
    if (next != null) {
      return;
    }
    var made = new CompletableFuture<StorageFile>();
    boolean taken =
        housekeeper.offer(() -> {
          try {
            made.complete(blank(storage, NEXT, usualBytes));
          } catch (IOException | RuntimeException failure) {
            made.completeExceptionally(failure);
          }
        });
    next = taken ? made : null;
  }

  /// The length of a segment that takes a frame of this length: the usual one if that will do.
  int bytesFor(long frameBytes) {
    long needed = SegmentHeader.BYTES + frameBytes + Frame.BARE_BYTES;
    long rounded = (needed + SegmentHeader.BYTES - 1) / SegmentHeader.BYTES * SegmentHeader.BYTES;
    return Math.toIntExact(Math.max(usualBytes, rounded));
  }

  /// Makes a segment with this header, which is part of the journal, durably, when this returns.
  Made make(SegmentHeader header) throws IOException {
    if (header.segmentBytes() != usualBytes) {
      return begin(storage, LARGE, blank(storage, LARGE, header.segmentBytes()), header);
    }
    StorageFile file = prepared();
    if (file == null) {
      file = blank(storage, NEXT, usualBytes);
    }
    return begin(storage, NEXT, file, header);
  }

  /// Makes the first segment of a new log.
  static Made first(Storage storage, SegmentHeader header) throws IOException {
    return begin(storage, NEXT, blank(storage, NEXT, header.segmentBytes()), header);
  }

  /// Writes zeros over a part of a file.
  static void zero(StorageFile file, long from, long to) throws IOException {
    long at = from;
    while (at < to) {
      int count = (int) Math.min(ZEROS.capacity(), to - at);
      file.write(ZEROS.slice(0, count), at);
      at += count;
    }
  }

  @Override
  public void close() throws IOException {
    StorageFile file = prepared();
    if (file != null) {
      file.close();
      storage.delete(NEXT);
    }
  }

  private @Nullable StorageFile prepared() {
    CompletableFuture<StorageFile> waited = next;
    next = null;
    try {
      return waited == null ? null : waited.join();
    } catch (CompletionException _) {
      // It is tried again now that it is needed, and that failure counts.
      return null;
    }
  }

  private static StorageFile blank(Storage storage, String name, int bytes) throws IOException {
    StorageFile file = storage.create(name);
    try {
      zero(file, 0, bytes);
      file.force();
      return file;
    } catch (IOException failure) {
      file.close();
      throw failure;
    }
  }

  private static Made begin(Storage storage, String name, StorageFile file, SegmentHeader header)
      throws IOException {
    try {
      ByteBuffer block = ByteBuffer.allocate(SegmentHeader.BYTES);
      int stamp = header.encode(block);
      file.write(block, 0);
      file.force();
      storage.rename(name, header.fileName());
      storage.sync();
      return new Made(new Segment(header, stamp, new SparseIndex(header.base())), file);
    } catch (IOException failure) {
      file.close();
      throw failure;
    }
  }
}
