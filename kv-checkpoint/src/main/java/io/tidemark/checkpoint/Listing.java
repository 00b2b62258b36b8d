package io.tidemark.checkpoint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// All that a store's small objects say, read in the order that deleting relies on.
///
/// What is doomed is read before who uses what: a user that is not seen here looks later, and then
/// sees that it is doomed. The floor is read last: where something was forgotten, the floor above
/// it is seen. That this order is needed is shown in `linearizability-tests` (PruneModel).
final class Listing {
  private final CheckpointStore store;
  final Map<Long, List<String>> doomed;
  final Map<Long, List<String>> making;
  final Map<Long, List<String>> pins;
  final Map<Long, List<String>> outcomes;
  final Map<Long, List<String>> verdicts;
  final Map<Long, List<String>> floors;
  final long floor;

  /// Complete checkpoints at or above the floor.
  final TreeMap<Long, Manifest> complete = new TreeMap<>();

  final List<Catalogue.Unreadable> unreadable = new ArrayList<>();

  private Listing(CheckpointStore store) throws InterruptedException {
    this.store = store;
    doomed = store.keys(Names.DOOMED);
    making = store.keys(Names.MAKING);
    pins = store.keys(Names.PINS);
    outcomes = store.keys(Names.CHECKPOINTS);
    verdicts = store.keys(Names.VERDICTS);
    floors = store.keys(Names.FLOORS);
    floor = floors.keySet().stream().mapToLong(position -> position).max().orElse(0);
    for (long position : outcomes.keySet()) {
      if (position >= floor) {
        readOutcome(position);
      }
    }
    var keys = new HashSet<String>();
    for (var folder : List.of(doomed, making, pins, outcomes, verdicts)) {
      folder.values().forEach(keys::addAll);
    }
    store.notes().remember(keys);
  }

  static Listing read(CheckpointStore store) throws InterruptedException {
    return new Listing(store);
  }

  private void readOutcome(long position) throws InterruptedException {
    String key = Names.at(Names.CHECKPOINTS, position);
    try {
      Optional<Note> note = store.notes().recall(key);
      if (note.isEmpty() || note.get() instanceof Note.Tombstone) {
        return;
      }
      if (!(note.get() instanceof Note.Complete(var manifest))) {
        throw store.notes().unexpected(key, note.get());
      }
      if (manifest.position() != position) {
        throw new CheckpointException.Damaged(
            store + ": " + key, "it is of the position " + manifest.position());
      }
      if (!manifest.facts().logId().equals(store.logId())) {
        throw new CheckpointException.AnotherDatabase(
            store + ": " + key + " is of the log " + manifest.facts().logId());
      }
      complete.put(position, manifest);
    } catch (CheckpointException.Damaged
        | CheckpointException.NewerFormat
        | CheckpointException.AnotherDatabase why) {
      unreadable.add(new Catalogue.Unreadable(position, why));
    }
  }

  /// Checkpoints that were begun and have no outcome.
  List<Long> inProgress() {
    return making.keySet().stream()
        .filter(position -> position >= floor && !outcomes.containsKey(position))
        .toList();
  }

  /// Whether a position can never again be that of a checkpoint in use.
  boolean isDoomed(long position) {
    return position < floor || doomed.containsKey(position);
  }

  /// Checkpoints that checkpoints in the making build on.
  Set<Long> bases() throws InterruptedException {
    var bases = new HashSet<Long>();
    for (long position : inProgress()) {
      String key = Names.at(Names.MAKING, position);
      Optional<Note> note = store.notes().recall(key);
      if (note.isPresent() && note.get() instanceof Note.Making(_, var base)) {
        bases.add(base);
      }
    }
    return bases;
  }

  /// Which pins hold: those that are not older than [Pin#HELD].
  Map<Long, List<String>> holding() throws InterruptedException {
    long now = store.seams().clock().wallMillis();
    var holding = new TreeMap<Long, List<String>>();
    for (var pinned : pins.entrySet()) {
      for (String key : pinned.getValue()) {
        Optional<Note> note = store.notes().recall(key);
        if (note.isPresent()
            && note.get() instanceof Note.Pinned(_, var since)
            && since.map(begun -> now - begun <= Pin.HELD.toMillis()).orElse(true)) {
          holding.computeIfAbsent(pinned.getKey(), _ -> new ArrayList<>()).add(key);
        }
      }
    }
    return holding;
  }

  Catalogue catalogue() throws InterruptedException {
    var checkpoints = new ArrayList<Checkpoint>();
    Map<Long, List<String>> holding = holding();
    for (var entry : complete.entrySet()) {
      long position = entry.getKey();
      checkpoints.add(
          new Checkpoint(
              entry.getValue(),
              verdict(position),
              why(position),
              holding.getOrDefault(position, List.of()).size()));
    }
    return new Catalogue(checkpoints, inProgress(), unreadable);
  }

  private Optional<Verdict> verdict(long position) throws InterruptedException {
    if (!verdicts.containsKey(position)) {
      return Optional.empty();
    }
    return store
        .notes()
        .recall(Names.at(Names.VERDICTS, position))
        .flatMap(note ->
            note instanceof Note.Verified(var verdict) ? Optional.of(verdict) : Optional.empty());
  }

  private Optional<String> why(long position) throws InterruptedException {
    if (!doomed.containsKey(position)) {
      return Optional.empty();
    }
    Optional<Note> note = store.notes().recall(Names.at(Names.DOOMED, position));
    return Optional.of(
        note.isPresent() && note.get() instanceof Note.Doomed(var why) ? why : "doomed");
  }
}
