package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// What several tests do with views.
final class Views {
  private static final Bytes ROWS_BEGIN = Bytes.wrap(new byte[] {0});
  private static final Bytes ROWS_END = Bytes.wrap(new byte[] {(byte) 0xff});

  /// What records count for where a test does not encode them.
  static final int RECORD_BYTES = 10;

  private Views() {}

  static RocksView open(Path directory) {
    return RocksView.open(directory, RocksView.MEMORY_BYTES_MIN);
  }

  static Proposal proposal(Command command) {
    return new Proposal(1, 1, Optional.empty(), 0, command);
  }

  static Proposal request(long session, long sequence, Command command) {
    return new Proposal(1, 1, Optional.of(new RequestId(session, sequence)), 0, command);
  }

  static Command put(String key, String value) {
    return new Command.Put(Bytes.utf8(key), Bytes.utf8(value));
  }

  static List<KeyValue> scan(Snapshot snapshot, KeyRange range, Snapshot.Direction direction) {
    var found = new ArrayList<KeyValue>();
    try (var cursor = snapshot.scan(range, direction)) {
      while (cursor.next()) {
        found.add(cursor.keyValue());
      }
    }
    return found;
  }

  static List<KeyValue> pairs(RocksView view) {
    try (var snapshot = view.snapshot()) {
      return scan(snapshot, KeyRange.ALL, Snapshot.Direction.FORWARD);
    }
  }

  /// Every row there is, byte by byte: users' keys, sessions, and what the view says of itself.
  static NavigableMap<Bytes, Bytes> rows(RocksView view) {
    var rows = new TreeMap<Bytes, Bytes>();
    try (var iterator = view.iterate(ROWS_BEGIN, ROWS_END)) {
      for (boolean more = iterator.seekToFirst(); more; more = iterator.next()) {
        rows.put(Bytes.wrap(iterator.key()), Bytes.wrap(iterator.row()));
      }
    }
    return rows;
  }
}
