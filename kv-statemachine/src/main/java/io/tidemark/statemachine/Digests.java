package io.tidemark.statemachine;

import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hasher128;
import com.dynatrace.hash4j.hashing.Hashing;
import io.tidemark.base.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Computes digests of views.
///
/// A digest covers all that is folded from the log: the users' keys, the sessions with what is
/// remembered of them, the log's time, and whatever else [Rows] draws. It does not cover what a
/// restored view has of its own: which log it is bound to, the applied position and the format. The
/// hash of a row is XXH3 with 128 bits (github.com/Cyan4973/xxHash, by hash4j) over the length of
/// its key in four bytes, the key and the row. It never changes: digests lie in checkpoints.
public final class Digests {
  /// After so many rows the pace is asked each time.
  public static final int ROWS_PER_STEP = 1_024;

  private static final Hasher128 HASHER = Hashing.xxh3_128();
  private static final int BUFFER_BYTES = 4 << 10;

  private Digests() {}

  /// A digest, and how many rows went into it.
  ///
  /// @param rows the users' keys and the rows of the view's own
  public record Digested(Digest digest, long rows) {}

  /// Decides how fast a long walk goes, and whether it goes on.
  public interface Pace {
    /// As fast as can be.
    Pace FULL = rows -> {};

    /// Called on the walker's thread every [#ROWS_PER_STEP] rows; returns when the walk shall go
    /// on. What it throws ends the walk.
    ///
    /// @param rows how many were walked over until now
    /// @throws InterruptedException if the walk shall end because its thread was interrupted
    void step(long rows) throws InterruptedException;
  }

  /// Walks over all rows of the snapshot, in time in proportion to them.
  ///
  /// @throws ViewException if the view was closed meanwhile or cannot be read
  /// @throws InterruptedException if the pace says so
  public static Digested of(StoredSnapshot snapshot, Pace pace) throws InterruptedException {
    long rows = 0;
    long high = 0;
    long low = 0;
    var buffer = new byte[BUFFER_BYTES];
    try (var iterator = snapshot.rows()) {
      for (boolean more = iterator.seekToFirst(); more; more = iterator.next()) {
        byte[] key = iterator.key();
        if (isCovered(key)) {
          byte[] row = covered(key, iterator.row());
          int length = Integer.BYTES + key.length + row.length;
          buffer = length <= buffer.length ? buffer : new byte[length];
          ByteBuffer.wrap(buffer).putInt(key.length).put(key).put(row);
          HashValue128 hash = HASHER.hashBytesTo128Bits(buffer, 0, length);
          low += hash.getLeastSignificantBits();
          high += hash.getMostSignificantBits();
          high += Long.compareUnsigned(low, hash.getLeastSignificantBits()) < 0 ? 1 : 0;
          rows++;
        }
        if (rows % ROWS_PER_STEP == 0) {
          pace.step(rows);
        }
      }
    }
    return new Digested(new Digest(high, low), rows);
  }

  private static boolean isCovered(byte[] key) {
    return key[0] != Rows.META || !(isKey(key, Rows.FORMAT_KEY) || isKey(key, Rows.LOG_ID_KEY));
  }

  /// The part of a row that is folded from the log.
  private static byte[] covered(byte[] key, byte[] row) {
    return isKey(key, Rows.APPLIED_KEY) ? Arrays.copyOfRange(row, Long.BYTES, row.length) : row;
  }

  private static boolean isKey(byte[] key, Bytes wanted) {
    return Arrays.equals(key, wanted.unsafeArray());
  }
}
