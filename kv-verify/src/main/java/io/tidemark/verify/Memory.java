package io.tidemark.verify;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one client saw last of each key. It belongs to one thread.
final class Memory {
  /// A value and the revision that wrote it; null and 0: nothing was there.
  record Seen(@Nullable String value, long revision) {
    static final Seen NOTHING = new Seen(null, 0);
  }

  private final Map<String, Seen> byKey = new HashMap<>();
  private final String owner;
  private int receipts;

  Memory(String owner) {
    this.owner = owner;
  }

  /// The key under which this client leaves receipts.
  String receipt() {
    return "receipt-" + owner + "-" + receipts;
  }

  /// From now on receipts go under another key: the last one may yet be written.
  void nextReceipt() {
    receipts++;
  }

  Seen of(String key) {
    return byKey.getOrDefault(key, Seen.NOTHING);
  }

  void saw(String key, @Nullable String value, long revision) {
    byKey.put(key, new Seen(value, revision));
  }
}
