package io.tidemark.checkpoint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Deletes what nobody uses any more.
///
/// A checkpoint is *held* while it is not doomed, or somebody reads it, or one in the making builds
/// on it. A piece is garbage once the checkpoint that it was first uploaded for has an outcome and
/// no checkpoint that is held names it. A checkpoint without an outcome gets one, a tombstone under
/// the name of its manifest, when a later one is complete: then its maker has vanished or is too
/// late, and its pieces are garbage for certain.
///
/// Notes of checkpoints are deleted once a floor above them is written: a manifest that a slow
/// request creates again afterwards is below the floor and is none.
final class Pruning {
  private final CheckpointStore store;
  private final Retention retention;

  Pruning(CheckpointStore store, Retention retention) {
    this.store = store;
    this.retention = retention;
  }

  PruneReport plan() throws InterruptedException {
    Listing listing = Listing.read(store);
    List<Long> toDoom = toDoom(listing.catalogue());
    List<Long> toEnd = toEnd(listing);
    Set<Long> held = held(listing, toDoom);
    return new PruneReport(
        toDoom, toEnd, doomedOf(listing, held, toDoom), garbage(listing, held, toEnd).size());
  }

  PruneReport apply() throws InterruptedException {
    Listing before = Listing.read(store);
    List<Long> toDoom = toDoom(before.catalogue());
    for (long position : toDoom) {
      store.doom(position, "not kept by the retention");
    }
    List<Long> toEnd = toEnd(before);
    for (long position : toEnd) {
      store
          .notes()
          .createOrGet(
              Names.at(Names.CHECKPOINTS, position),
              new Note.Tombstone("a later checkpoint was complete"));
    }
    // Marked first, looked then.
    Listing listing = Listing.read(store);
    Set<Long> held = held(listing, List.of());
    List<String> garbage = garbage(listing, held, List.of());
    store.requests().delete(garbage);
    raiseFloor(listing, held);
    return new PruneReport(toDoom, toEnd, doomedOf(listing, held, List.of()), garbage.size());
  }

  /// What the retention does not keep: all that is older than the oldest that it does.
  private List<Long> toDoom(Catalogue catalogue) {
    List<Checkpoint> verified = catalogue.verified();
    if (verified.size() < retention.verifiedMin()) {
      return List.of();
    }
    long kept = verified.get(verified.size() - retention.verifiedMin()).position();
    if (retention.windowBeginMillis().isPresent()) {
      long begin = retention.windowBeginMillis().getAsLong();
      kept =
          Math.min(
              kept,
              verified.stream()
                  .filter(c -> c.manifest().facts().logTimeMillis() <= begin)
                  .mapToLong(Checkpoint::position)
                  .max()
                  .orElse(0));
    }
    long oldestKept = kept;
    return Stream.concat(
            catalogue.usable().stream().map(Checkpoint::position),
            catalogue.unreadable().stream().map(Catalogue.Unreadable::position))
        .filter(position -> position < oldestKept)
        .toList();
  }

  /// Checkpoints without an outcome before one that is complete.
  private static List<Long> toEnd(Listing listing) {
    return listing.inProgress().stream()
        .filter(position -> listing.complete.higherKey(position) != null)
        .toList();
  }

  private static Set<Long> held(Listing listing, List<Long> toDoom) throws InterruptedException {
    var using = new HashSet<>(listing.bases());
    using.addAll(listing.holding().keySet());
    for (Catalogue.Unreadable unreadable : listing.unreadable) {
      long position = unreadable.position();
      if (using.contains(position) || !(listing.isDoomed(position) || toDoom.contains(position))) {
        throw new CheckpointException.Unusable(
            ("nothing is deleted while the pieces of the checkpoint at %d cannot be told: doom it,"
                    + " or upgrade (%s)")
                .formatted(position, unreadable.why().getMessage()));
      }
    }
    var held = new TreeSet<Long>();
    for (long position : listing.complete.keySet()) {
      boolean isDoomed = listing.isDoomed(position) || toDoom.contains(position);
      if (!isDoomed || using.contains(position)) {
        held.add(position);
      }
    }
    return held;
  }

  private static List<Long> doomedOf(Listing listing, Set<Long> held, List<Long> toDoom) {
    return held.stream()
        .filter(position -> listing.isDoomed(position) || toDoom.contains(position))
        .toList();
  }

  private List<String> garbage(Listing listing, Set<Long> held, List<Long> toEnd)
      throws InterruptedException {
    var named = new HashSet<String>();
    for (long position : held) {
      Manifest manifest = listing.complete.get(position);
      if (manifest != null) {
        manifest.files().stream()
            .flatMap(file -> file.pieces().stream())
            .filter(piece -> piece.root() == 0)
            .forEach(piece -> named.add(Names.piece(piece)));
      }
    }
    var garbage = new ArrayList<String>();
    for (var pieces : store.keys(Names.PIECES).entrySet()) {
      long position = pieces.getKey();
      if (position < listing.floor
          || listing.outcomes.containsKey(position)
          || toEnd.contains(position)) {
        pieces.getValue().stream().filter(key -> !named.contains(key)).forEach(garbage::add);
      }
    }
    return garbage;
  }

  private void raiseFloor(Listing listing, Set<Long> held) throws InterruptedException {
    if (held.isEmpty()) {
      return;
    }
    long lowest =
        Stream.concat(held.stream(), listing.inProgress().stream())
            .mapToLong(position -> position)
            .min()
            .orElseThrow();
    if (lowest > listing.floor) {
      store.notes().createOrGet(Names.at(Names.FLOORS, lowest), new Note.Floor());
    }
    var forgotten = new ArrayList<String>();
    // That something is doomed goes last: nobody may miss both it and the floor.
    for (var folder :
        List.of(
            listing.outcomes,
            listing.making,
            listing.verdicts,
            listing.pins,
            listing.doomed,
            listing.floors)) {
      addBelow(folder, Math.max(lowest, listing.floor), forgotten);
    }
    store.requests().delete(forgotten);
  }

  private static void addBelow(Map<Long, List<String>> folder, long floor, List<String> keys) {
    folder.forEach((position, there) -> {
      if (position < floor) {
        keys.addAll(there);
      }
    });
  }
}
