package io.tidemark.checkpoint;

import java.util.List;
import java.util.Optional;

/// What a store holds, as it was found between two moments: others may have changed it meanwhile.
///
/// @param checkpoints the complete ones by their positions, the doomed among them
/// @param making positions of those that are being made, or whose makers vanished
/// @param unreadable those whose manifests cannot be understood, and why
public record Catalogue(
    List<Checkpoint> checkpoints, List<Long> making, List<Unreadable> unreadable) {
  /// Copies the lists.
  public Catalogue {
    checkpoints = List.copyOf(checkpoints);
    making = List.copyOf(making);
    unreadable = List.copyOf(unreadable);
  }

  /// A checkpoint whose manifest is damaged, or newer than this version.
  public record Unreadable(long position, CheckpointException why) {}

  /// Those that may be relied on, the oldest first.
  public List<Checkpoint> verified() {
    return checkpoints.stream().filter(Checkpoint::isVerified).toList();
  }

  /// Those that may be installed, the oldest first.
  public List<Checkpoint> usable() {
    return checkpoints.stream().filter(Checkpoint::isUsable).toList();
  }

  /// The newest that may be relied on.
  public Optional<Checkpoint> newestVerified() {
    return newest(verified());
  }

  /// The one to install: the newest verified, or the newest usable where none is verified.
  public Optional<Checkpoint> best() {
    return newestVerified().or(() -> newest(usable()));
  }

  /// The newest usable one at or before this position, verified ones first.
  public Optional<Checkpoint> bestUpTo(long position) {
    return newest(verified().stream().filter(c -> c.position() <= position).toList())
        .or(() -> newest(usable().stream().filter(c -> c.position() <= position).toList()));
  }

  /// The newest usable one of this log time or earlier, verified ones first.
  public Optional<Checkpoint> bestUpToTime(long logTimeMillis) {
    return newest(upToTime(verified(), logTimeMillis))
        .or(() -> newest(upToTime(usable(), logTimeMillis)));
  }

  private static List<Checkpoint> upToTime(List<Checkpoint> checkpoints, long logTimeMillis) {
    return checkpoints.stream()
        .filter(found -> found.manifest().facts().logTimeMillis() <= logTimeMillis)
        .toList();
  }

  /// The complete checkpoint at this position, doomed or not.
  public Optional<Checkpoint> at(long position) {
    return checkpoints.stream().filter(c -> c.position() == position).findFirst();
  }

  private static Optional<Checkpoint> newest(List<Checkpoint> checkpoints) {
    return checkpoints.isEmpty() ? Optional.empty() : Optional.of(checkpoints.getLast());
  }
}
