package io.tidemark.checkpoint;

import io.tidemark.base.Bytes;
import io.tidemark.checkpoint.Manifest.Piece;
import io.tidemark.checkpoint.Manifest.StoredFile;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The making of one checkpoint: [#upload], then [#publish]. Given up at any step, it leaves
/// nothing that anybody takes for a checkpoint.
public final class Making {
  /// So many pieces are on their way at a time, each of [Manifest#PIECE_BYTES_MAX] at most.
  static final int IN_FLIGHT_MAX = 4;

  private record Content(Bytes sha256, int length) {}

  private record Flight(Requests.Sent<Boolean> sent, Piece piece) {}

  private final CheckpointStore store;
  private final long position;
  private final List<String> roots;
  // Where content is that need not be sent.
  private final Map<Content, Piece> there = new HashMap<>();
  private final ArrayDeque<Flight> underWay = new ArrayDeque<>();
  private List<StoredFile> files = List.of();
  private long bytesSent;

  private Making(CheckpointStore store, long position, List<String> roots) {
    this.store = store;
    this.position = position;
    this.roots = roots;
  }

  static Making begin(CheckpointStore store, long position, String maker, Base base)
      throws InterruptedException {
    Optional<Manifest> chosen =
        switch (base) {
          case Base.Newest() -> newest(store, position);
          case Base.None() -> Optional.empty();
          case Base.Foreign(_, var manifest) -> Optional.of(manifest);
        };
    boolean isForeign = base instanceof Base.Foreign;
    long named = isForeign ? 0 : chosen.map(Manifest::position).orElse(0L);
    String key = Names.at(Names.MAKING, position);
    var wanted = new Note.Making(maker, named);
    Note found = store.notes().createOrGet(key, wanted);
    if (!(found instanceof Note.Making(var who, var builtOn))) {
      throw store.notes().unexpected(key, found);
    }
    if (!who.equals(maker)) {
      throw new CheckpointException.Ended(
          "%s: the checkpoint at %d is being made by %s".formatted(store, position, who));
    }
    if (store.notes().find(Names.at(Names.CHECKPOINTS, position)).isPresent()
        || store.floor() > position) {
      throw new CheckpointException.Ended(
          "%s: the checkpoint at %d is complete or was given up".formatted(store, position));
    }
    if (!isForeign) {
      // Marked first, looked then. What the record names is what is held, even where this maker
      // would choose another base by now.
      boolean isBuiltOn = builtOn != 0 && !(base instanceof Base.None);
      chosen = isBuiltOn ? store.usable(builtOn) : Optional.empty();
    }
    List<String> roots = new ArrayList<>(chosen.map(Manifest::roots).orElse(List.of()));
    if (base instanceof Base.Foreign(var address, _)) {
      roots.addFirst(address);
    }
    var making = new Making(store, position, List.copyOf(roots));
    chosen.ifPresent(manifest -> making.buildOn(manifest, isForeign));
    return making;
  }

  private static Optional<Manifest> newest(CheckpointStore store, long position)
      throws InterruptedException {
    return store.catalogue().usable().stream()
        .filter(checkpoint -> checkpoint.position() < position)
        .map(Checkpoint::manifest)
        .reduce((_, later) -> later);
  }

  private void buildOn(Manifest base, boolean isForeign) {
    for (StoredFile file : base.files()) {
      for (Piece piece : file.pieces()) {
        // The roots of a foreign base follow its own.
        int root = isForeign ? piece.root() + 1 : piece.root();
        there.putIfAbsent(
            new Content(piece.sha256(), piece.length()),
            new Piece(root, piece.position(), piece.sha256(), piece.length()));
      }
    }
  }

  /// Sends the files of a directory that nobody changes, as far as the base does not have them.
  /// Doing so again sends only what did not arrive.
  ///
  /// @param progress hears of bytes read, whether they had to be sent or not
  /// @throws CheckpointException.Local if the directory cannot be read
  public void upload(Path directory, ProgressListener progress) throws InterruptedException {
    var uploaded = new ArrayList<StoredFile>();
    underWay.clear();
    try (var source = LocalFiles.read(directory)) {
      long done = 0;
      progress.at(0, source.bytes());
      for (String name : source.names()) {
        var pieces = new ArrayList<Piece>();
        for (var content = source.first(name); content.length > 0; content = source.next()) {
          pieces.add(send(content));
          done += content.length;
          progress.at(done, source.bytes());
        }
        uploaded.add(new StoredFile(name, pieces));
      }
    }
    while (!underWay.isEmpty()) {
      land();
    }
    files = uploaded;
  }

  private Piece send(byte[] bytes) throws InterruptedException {
    var content = new Content(Hashes.sha256(bytes, bytes.length), bytes.length);
    Piece known = there.get(content);
    if (known != null) {
      return known;
    }
    if (underWay.size() == IN_FLIGHT_MAX) {
      land();
    }
    var piece = new Piece(0, position, content.sha256, content.length);
    var sent = store.requests().sendCreate(Names.piece(piece), Bytes.wrap(bytes));
    underWay.add(new Flight(sent, piece));
    return piece;
  }

  private void land() throws InterruptedException {
    Flight flight = underWay.remove();
    store.requests().await(flight.sent);
    // Only now is it certain to be there.
    Piece piece = flight.piece;
    there.put(new Content(piece.sha256(), piece.length()), piece);
    bytesSent += piece.length();
  }

  /// How many bytes had to be sent until now.
  public long bytesSent() {
    return bytesSent;
  }

  /// Makes the checkpoint complete: from then on it is listed.
  ///
  /// @throws CheckpointException.Ended if it was given up by somebody else meanwhile
  public Manifest publish(Manifest.Facts facts) throws InterruptedException {
    if (facts.position() != position || !facts.logId().equals(store.logId()) || files.isEmpty()) {
      throw new IllegalArgumentException(
          "the checkpoint at %d of %s has other facts: %s, files: %d"
              .formatted(position, store.logId(), facts, files.size()));
    }
    var wanted = new Note.Complete(new Manifest(facts, roots, files));
    String key = Names.at(Names.CHECKPOINTS, position);
    Note found = store.notes().createOrGet(key, wanted);
    if (found instanceof Note.Complete(var manifest)
        && manifest.equals(wanted.manifest())
        && store.floor() <= position) {
      return manifest;
    }
    throw new CheckpointException.Ended(
        "%s: the checkpoint at %d was given up: %s"
            .formatted(
                store,
                position,
                found instanceof Note.Tombstone(var why) ? why : "it came too late"));
  }

  /// Gives the checkpoint up; it is not made any more.
  public void abandon(String why) throws InterruptedException {
    store.notes().createOrGet(Names.at(Names.CHECKPOINTS, position), new Note.Tombstone(why));
  }
}
