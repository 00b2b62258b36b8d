package io.tidemark.checkpoint;

import io.tidemark.log.s3.ObjectStore;
import io.tidemark.statemachine.Digests;
import io.tidemark.statemachine.StoredView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/// The checkpoints of one database in an object store.
///
/// ```text
///   CHECKPOINTS                    identity: id of the log, format
///   making/<position>              who makes it, and from which base; before any piece
///   pieces/<position>/<sha256>     a part of a file, first uploaded for <position>
///   checkpoints/<position>         the manifest, or a tombstone: whichever was first decides
///   verdicts/<position>            who opened it and reproduced its digest
///   doomed/<position>              it may no longer be used; before anything is deleted
///   pins/<position>/<id>           somebody reads it
///   floors/<position>              nothing below it is a checkpoint any more
/// ```
///
/// Everything is created once, by put-if-absent, and never changed. So any number of processes use
/// one store at a time, and a process that ends at any step leaves nothing that another would take
/// for a checkpoint: what it left can be made again, and is deleted in the end.
///
/// *Marked first, looked then*: who begins to use a checkpoint, to read it or to build on it,
/// writes that down first and then looks whether it is doomed; who deletes writes down first that
/// it is doomed and then looks who uses it. Whichever order the two have, one of them sees the
/// other.
///
/// Calls block, and one thread at a time uses it; requests are sent again for about half a minute
/// where the store does not answer. Every call may fail with [CheckpointException.Unavailable],
/// [CheckpointException.Refused], or an `InterruptedException`.
public final class CheckpointStore implements AutoCloseable {
  private final ObjectStore objects;
  private final Seams seams;
  private final Function<String, ObjectStore> foreign;
  private final Requests requests;
  private final Notes notes;
  private final UUID logId;
  private final Map<String, Requests> foreignStores = new HashMap<>();

  private CheckpointStore(
      ObjectStore objects,
      Seams seams,
      Function<String, ObjectStore> foreign,
      Requests requests,
      Notes notes,
      UUID logId) {
    this.objects = objects;
    this.seams = seams;
    this.foreign = foreign;
    this.requests = requests;
    this.notes = notes;
    this.logId = logId;
  }

  /// Opens the store of this log's checkpoints, and begins one where there is none.
  ///
  /// @param objects is closed with the store, and at once if opening fails
  /// @throws CheckpointException.AnotherDatabase if it is another log's
  public static CheckpointStore open(ObjectStore objects, Seams seams, UUID logId)
      throws InterruptedException {
    return open(objects, seams, CheckpointStore::noForeign, Optional.of(logId));
  }

  /// Opens the store of whatever log it is, which must be there.
  ///
  /// @param objects is closed with the store, and at once if opening fails
  /// @throws CheckpointException.Unusable if there is none
  public static CheckpointStore openExisting(ObjectStore objects, Seams seams)
      throws InterruptedException {
    return open(objects, seams, CheckpointStore::noForeign, Optional.empty());
  }

  /// The same as either, for checkpoints that name pieces in stores of other databases.
  ///
  /// @param foreign opens the store of such an address
  /// @param logId begins a store for this log where there is none; without it there must be one
  public static CheckpointStore open(
      ObjectStore objects, Seams seams, Function<String, ObjectStore> foreign, Optional<UUID> logId)
      throws InterruptedException {
    boolean opened = false;
    try {
      var requests = new Requests(objects, seams);
      var notes = new Notes(requests);
      UUID found = identify(objects, notes, logId);
      var store = new CheckpointStore(objects, seams, foreign, requests, notes, found);
      opened = true;
      return store;
    } finally {
      if (!opened) {
        objects.close();
      }
    }
  }

  private static UUID identify(ObjectStore objects, Notes notes, Optional<UUID> wanted)
      throws InterruptedException {
    Optional<Note> there = notes.find(Names.IDENTITY);
    if (there.isEmpty() && wanted.isPresent()) {
      there = Optional.of(notes.createOrGet(Names.IDENTITY, new Note.Identity(wanted.get())));
    }
    Note note =
        there.orElseThrow(
            () -> new CheckpointException.Unusable("no checkpoints are at " + objects));
    if (!(note instanceof Note.Identity(var found))) {
      throw notes.unexpected(Names.IDENTITY, note);
    }
    if (wanted.isPresent() && !wanted.get().equals(found)) {
      throw new CheckpointException.AnotherDatabase(
          "the checkpoints at %s are of the log %s, not of %s: name another place for this one's"
              .formatted(objects, found, wanted.get()));
    }
    return found;
  }

  private static ObjectStore noForeign(String address) {
    throw new CheckpointException.Unusable(
        "pieces of the checkpoint are at " + address + ", which was not made known");
  }

  /// Whose checkpoints these are.
  public UUID logId() {
    return logId;
  }

  Requests requests() {
    return requests;
  }

  Notes notes() {
    return notes;
  }

  Seams seams() {
    return seams;
  }

  /// Where the pieces of another database are.
  Requests foreign(String address) {
    return foreignStores.computeIfAbsent(
        address, unknown -> new Requests(foreign.apply(unknown), seams));
  }

  /// Lists what there is.
  public Catalogue catalogue() throws InterruptedException {
    return Listing.read(this).catalogue();
  }

  /// Begins to make the checkpoint at this position. Who already began it, with the same name, goes
  /// on; a checkpoint that ended is not begun again.
  ///
  /// @param maker who makes it; unique to this process's run, so that nobody goes on by mistake
  /// @param base which pieces need not be sent again
  /// @throws CheckpointException.Ended if somebody else makes it, or it is complete, or it was
  ///   given up
  public Making begin(long position, String maker, Base base) throws InterruptedException {
    return Making.begin(this, position, maker, base);
  }

  /// Makes the checkpoint of a view that nobody writes to meanwhile, at its applied position: what
  /// a restore and a fork end with, and what makes checkpoints aside.
  ///
  /// @param scratch a directory for the copy; removed before and afterwards
  /// @throws CheckpointException.AnotherDatabase if the view is not of this store's log
  /// @throws CheckpointException.Ended as [#begin] does
  public Manifest make(
      StoredView view, String maker, Base base, Path scratch, ProgressListener progress)
      throws InterruptedException {
    if (!view.logId().equals(Optional.of(logId))) {
      throw new CheckpointException.AnotherDatabase(
          "%s is for the log %s, and the view is of %s".formatted(this, logId, view.logId()));
    }
    Directories.remove(scratch);
    try {
      Making making = begin(view.applied(), maker, base);
      view.checkpoint(scratch);
      Digests.Digested digested = Fold.digest(view, Digests.Pace.FULL);
      making.upload(scratch, progress);
      return making.publish(Manifest.Facts.of(view, digested, maker));
    } finally {
      Directories.remove(scratch);
    }
  }

  /// Says that somebody opened the checkpoint and reproduced its digest; returns who was the first.
  public Verdict verify(long position, String verifier, boolean isMaker)
      throws InterruptedException {
    String key = Names.at(Names.VERDICTS, position);
    var verdict = new Verdict(verifier, isMaker, seams.clock().wallMillis());
    Note there = notes.createOrGet(key, new Note.Verified(verdict));
    if (there instanceof Note.Verified(var first)) {
      return first;
    }
    throw notes.unexpected(key, there);
  }

  /// Says that the checkpoint may no longer be used, from now on and for ever. What nobody reads or
  /// builds on is deleted when the store is pruned.
  public void doom(long position, String why) throws InterruptedException {
    notes.createOrGet(Names.at(Names.DOOMED, position), new Note.Doomed(why));
  }

  /// Keeps the checkpoint's pieces from being deleted for [Pin#HELD], or until the pin is released.
  ///
  /// @param who reads it, for people
  /// @throws CheckpointException.Unusable if it is not there or may no longer be used
  public Pin pin(long position, String who) throws InterruptedException {
    return Pin.put(this, position, who, Optional.of(seams.clock().wallMillis()));
  }

  /// Keeps the checkpoint's pieces without end, for a database that was forked from it.
  ///
  /// @throws CheckpointException.Unusable if it is not there or may no longer be used
  public Pin pinForEver(long position, String who) throws InterruptedException {
    return Pin.put(this, position, who, Optional.empty());
  }

  /// Dooms what the retention does not keep, ends what vanished makers left, and deletes what
  /// nobody uses. Any number of processes may do so at a time, and one that ends at any step does
  /// no harm.
  public PruneReport prune(Retention retention) throws InterruptedException {
    return new Pruning(this, retention).apply();
  }

  /// Says what [#prune] would do, and changes nothing.
  public PruneReport planPrune(Retention retention) throws InterruptedException {
    return new Pruning(this, retention).plan();
  }

  /// Whether the checkpoint is complete, not doomed, and not below the floor; asked now.
  Optional<Manifest> usable(long position) throws InterruptedException {
    // In this order: what is doomed is forgotten only once the floor is above it.
    if (notes.find(Names.at(Names.DOOMED, position)).isPresent() || floor() > position) {
      return Optional.empty();
    }
    return notes
        .find(Names.at(Names.CHECKPOINTS, position))
        .flatMap(note ->
            note instanceof Note.Complete(var manifest) ? Optional.of(manifest) : Optional.empty());
  }

  long floor() throws InterruptedException {
    long floor = 0;
    for (String key : requests.list(Names.FLOORS)) {
      floor = Math.max(floor, Names.positionOf(Names.FLOORS, key).orElse(0));
    }
    return floor;
  }

  /// Keys of a folder by their positions; others are left alone.
  Map<Long, List<String>> keys(String folder) throws InterruptedException {
    var keys = new TreeMap<Long, List<String>>();
    for (String key : requests.list(folder)) {
      OptionalLong position = Names.positionOf(folder, key);
      if (position.isPresent()) {
        keys.computeIfAbsent(position.getAsLong(), _ -> new ArrayList<>()).add(key);
      }
    }
    return keys;
  }

  /// Where it is, for people.
  @Override
  public String toString() {
    return objects.toString();
  }

  @Override
  public void close() {
    objects.close();
    foreignStores.values().forEach(store -> store.store().close());
    foreignStores.clear();
  }
}
