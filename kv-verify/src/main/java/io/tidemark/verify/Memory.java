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

  Seen of(String key) {
    return byKey.getOrDefault(key, Seen.NOTHING);
  }

  void saw(String key, @Nullable String value, long revision) {
    byKey.put(key, new Seen(value, revision));
  }
}
