package io.tidemark.checkpoint;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Says in a store that somebody reads a checkpoint, so that its pieces stay.
public final class Pin {
  /// So long a pin holds by the clocks of reader and pruner; a reader that needs longer meets a
  /// missing piece and begins again with another checkpoint.
  public static final Duration HELD = Duration.ofDays(1);

  private final CheckpointStore store;
  private final String key;
  private final Manifest manifest;

  private Pin(CheckpointStore store, String key, Manifest manifest) {
    this.store = store;
    this.key = key;
    this.manifest = manifest;
  }

  static Pin put(CheckpointStore store, long position, String who, Optional<Long> since)
      throws InterruptedException {
    String key = Names.pin(position, store.seams().drawId());
    store.notes().createOrGet(key, new Note.Pinned(who, since));
    // Marked first, looked then.
    Optional<Manifest> manifest = store.usable(position);
    if (manifest.isEmpty()) {
      store.requests().delete(List.of(key));
      throw new CheckpointException.Unusable(
          "%s: the checkpoint at %d is not there or may no longer be used; take another"
              .formatted(store, position));
    }
    return new Pin(store, key, manifest.get());
  }

  /// Of the checkpoint that is pinned.
  public Manifest manifest() {
    return manifest;
  }

  /// Lets go of the checkpoint; doing so twice does nothing.
  public void release() throws InterruptedException {
    store.requests().delete(List.of(key));
  }
}
