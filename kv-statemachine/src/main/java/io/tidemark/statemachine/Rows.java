package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import io.tidemark.base.Invariants;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The rows of a view: how keys and values are laid out in RocksDB. Numbers of fixed width are big
/// endian, so that rows are in the order of their numbers.
///
/// ```text
///   key                                 value
///   00 'a'                              applied position (8) | log time in ms (8)
///                                         | bytes of all records applied (8)
///   00 'f'                              format of the view (4)
///   00 'l'                              id of the log (16); absent until the view is bound to one
///   00 'm'                              the last mark: revision (8) | log time in ms (8)
///                                         | bytes of all records before it and of its own (8)
///   01 session (8)                      least sequence not evicted (8) | revision of last use (8)
///   01 session (8) slot (2)             sequence (8) | revision (8) | RememberedResult
///   02 the user's key                   01 | create revision | modify revision | version | value
///                                          `------- unsigned LEB128 varints ------'
/// ```
///
/// A change to what is drawn here takes a new [#FORMAT].
final class Rows {
  /// The format of views that this version writes, and the only one that it reads: what another one
  /// lacks is built again from the log.
  static final int FORMAT = 2;

  static final byte META = 0;
  static final byte SESSIONS = 1;
  static final byte USER = 2;

  static final Bytes APPLIED_KEY = Bytes.wrap(new byte[] {META, 'a'});
  static final Bytes FORMAT_KEY = Bytes.wrap(new byte[] {META, 'f'});
  static final Bytes LOG_ID_KEY = Bytes.wrap(new byte[] {META, 'l'});
  static final Bytes MARK_KEY = Bytes.wrap(new byte[] {META, 'm'});
  static final Bytes SESSIONS_BEGIN = Bytes.wrap(new byte[] {SESSIONS});
  static final Bytes SESSIONS_END = Bytes.wrap(new byte[] {SESSIONS + 1});

  /// Where all rows begin, and beyond where they end.
  static final Bytes ALL_BEGIN = Bytes.wrap(new byte[] {META});

  static final Bytes ALL_END = Bytes.wrap(new byte[] {(byte) 0xff});
  static final Bytes USER_END = Bytes.wrap(new byte[] {USER + 1});

  static final int SESSION_KEY_LENGTH = 1 + Long.BYTES;
  static final int SLOT_KEY_LENGTH = SESSION_KEY_LENGTH + Short.BYTES;

  /// What precedes the result in the row of a slot.
  static final int SLOT_HEAD_LENGTH = 2 * Long.BYTES;

  private static final byte VALUE_FORMAT = 1;
  private static final int VARINT_LENGTH_MAX = 9;

  /// So many bytes of a user's row hold all of its head, or the whole row.
  static final int HEAD_LENGTH_MAX = 1 + 3 * VARINT_LENGTH_MAX;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Rows() {}

  /// What a user's row says before its value.
  ///
  /// @param length how many bytes of the row it takes; the value follows
  record Head(long createRevision, long modifyRevision, long version, int length) {}

  static Bytes userKey(Bytes key) {
    byte[] raw = new byte[1 + key.length()];
    raw[0] = USER;
    System.arraycopy(key.unsafeArray(), 0, raw, 1, key.length());
    return Bytes.wrap(raw);
  }

  /// The user's key of a row's key.
  static Bytes keyOfUser(byte[] raw) {
    return Bytes.wrap(Arrays.copyOfRange(raw, 1, raw.length));
  }

  static Bytes rangeBegin(KeyRange range) {
    return userKey(range.from());
  }

  static Bytes rangeEnd(KeyRange range) {
    return range.to().map(Rows::userKey).orElse(USER_END);
  }

  static byte[] userRow(long createRevision, long modifyRevision, long version, Bytes value) {
    int head =
        1 + varintLength(createRevision) + varintLength(modifyRevision) + varintLength(version);
    byte[] row = new byte[head + value.length()];
    row[0] = VALUE_FORMAT;
    int at = writeVarint(row, 1, createRevision);
    at = writeVarint(row, at, modifyRevision);
    at = writeVarint(row, at, version);
    System.arraycopy(value.unsafeArray(), 0, row, at, value.length());
    return row;
  }

  /// Reads the head of a user's row, of which at least [#HEAD_LENGTH_MAX] bytes are given or all.
  static Head head(byte[] row) {
    Invariants.check(row[0] == VALUE_FORMAT, "a row has the format of its view", row[0]);
    long createRevision = readVarint(row, 1);
    int at = 1 + varintLength(createRevision);
    long modifyRevision = readVarint(row, at);
    at += varintLength(modifyRevision);
    long version = readVarint(row, at);
    return new Head(createRevision, modifyRevision, version, at + varintLength(version));
  }

  static KeyValue keyValue(Bytes key, byte[] row) {
    Head head = head(row);
    return new KeyValue(
        key,
        Bytes.wrap(Arrays.copyOfRange(row, head.length(), row.length)),
        head.createRevision(),
        head.modifyRevision(),
        head.version());
  }

  static Bytes sessionKey(long session) {
    byte[] raw = new byte[SESSION_KEY_LENGTH];
    raw[0] = SESSIONS;
    LONG.set(raw, 1, session);
    return Bytes.wrap(raw);
  }

  static Bytes slotKey(long session, int slot) {
    byte[] raw = new byte[SLOT_KEY_LENGTH];
    raw[0] = SESSIONS;
    LONG.set(raw, 1, session);
    raw[SESSION_KEY_LENGTH] = (byte) (slot >>> 8);
    raw[SESSION_KEY_LENGTH + 1] = (byte) slot;
    return Bytes.wrap(raw);
  }

  /// The session of the key of a session or a slot.
  static long sessionOf(byte[] raw) {
    return getLong(raw, 1);
  }

  static byte[] slotRow(long sequence, long revision, byte[] result) {
    byte[] row = new byte[SLOT_HEAD_LENGTH + result.length];
    LONG.set(row, 0, sequence);
    LONG.set(row, Long.BYTES, revision);
    System.arraycopy(result, 0, row, SLOT_HEAD_LENGTH, result.length);
    return row;
  }

  static byte[] longs(long first, long second) {
    byte[] row = new byte[2 * Long.BYTES];
    LONG.set(row, 0, first);
    LONG.set(row, Long.BYTES, second);
    return row;
  }

  static byte[] progressRow(Progress progress) {
    return longs(progress.applied(), progress.logTimeMillis(), progress.logBytes());
  }

  /// The opposite of [#progressRow].
  static Progress progress(byte[] row) {
    return new Progress(getLong(row, 0), getLong(row, Long.BYTES), getLong(row, 2 * Long.BYTES));
  }

  static byte[] markRow(Mark mark) {
    return longs(mark.revision(), mark.logTimeMillis(), mark.logBytes());
  }

  /// The opposite of [#markRow].
  static Mark mark(byte[] row) {
    return new Mark(getLong(row, 0), getLong(row, Long.BYTES), getLong(row, 2 * Long.BYTES));
  }

  private static byte[] longs(long first, long second, long third) {
    byte[] row = new byte[3 * Long.BYTES];
    LONG.set(row, 0, first);
    LONG.set(row, Long.BYTES, second);
    LONG.set(row, 2 * Long.BYTES, third);
    return row;
  }

  static long getLong(byte[] row, int at) {
    return (long) LONG.get(row, at);
  }

  private static int varintLength(long value) {
    return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
  }

  private static int writeVarint(byte[] row, int from, long value) {
    Invariants.check(value >= 0, "the numbers of a key are not negative", value);
    int at = from;
    long rest = value;
    while (rest >= 0x80) {
      row[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    row[at++] = (byte) rest;
    return at;
  }

  private static long readVarint(byte[] row, int from) {
    long value = 0;
    int at = from;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = row[at++];
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new AssertionError("a varint has at most 9 bytes");
  }
}
