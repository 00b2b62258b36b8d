package io.tidemark.checkpoint;

import io.tidemark.base.Bytes;
import io.tidemark.checkpoint.Manifest.Piece;
import io.tidemark.checkpoint.Manifest.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/// Fetches the pieces of a checkpoint, some at a time, and writes its files to the disk.
final class Fetching {
  private final CheckpointStore store;
  private final Manifest manifest;
  private final List<Path> reuse;
  private final ArrayDeque<Requests.Sent<Optional<Bytes>>> underWay = new ArrayDeque<>();

  Fetching(CheckpointStore store, Manifest manifest, List<Path> reuse) {
    this.store = store;
    this.manifest = manifest;
    this.reuse = reuse;
  }

  private Requests root(Piece piece) {
    return piece.root() == 0
        ? store.requests()
        : store.foreign(manifest.roots().get(piece.root() - 1));
  }

  /// Writes all files into the directory, which is empty, and makes them durable.
  void into(Path directory, ProgressListener progress) throws IOException, InterruptedException {
    long total = manifest.bytes();
    long done = 0;
    progress.at(0, total);
    var wanted = new ArrayDeque<Wanted>();
    for (StoredFile file : manifest.files()) {
      long at = 0;
      for (Piece piece : file.pieces()) {
        wanted.add(new Wanted(file, at, piece));
        at += piece.length();
      }
    }
    var ready = new ArrayDeque<Wanted>(wanted);
    for (StoredFile file : manifest.files()) {
      try (var out =
          FileChannel.open(
              directory.resolve(file.name()),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE)) {
        for (int i = 0; i < file.pieces().size(); i++) {
          while (!wanted.isEmpty() && ready.size() - wanted.size() < Making.IN_FLIGHT_MAX) {
            start(wanted.remove());
          }
          Wanted next = ready.remove();
          write(out, finish(next));
          done += next.piece.length();
          progress.at(done, total);
        }
        out.force(true);
      }
    }
  }

  private record Wanted(StoredFile file, long at, Piece piece) {}

  private final ArrayDeque<Optional<Bytes>> local = new ArrayDeque<>();

  private void start(Wanted wanted) {
    Piece piece = wanted.piece;
    byte[] found =
        reuse.isEmpty()
            ? null
            : LocalFiles.piece(
                reuse, wanted.file.name(), wanted.file.length(), wanted.at, piece.length());
    if (found != null && Hashes.sha256(found, found.length).equals(piece.sha256())) {
      local.add(Optional.of(Bytes.wrap(found)));
    } else {
      local.add(Optional.empty());
      underWay.add(root(piece).sendGet(Names.piece(piece)));
    }
  }

  private Bytes finish(Wanted wanted) throws InterruptedException {
    Optional<Bytes> found = local.remove();
    if (found.isPresent()) {
      return found.get();
    }
    Piece piece = wanted.piece;
    Requests root = root(piece);
    Optional<Bytes> body = root.await(underWay.remove());
    for (int reads = 1; ; reads++) {
      if (body.isPresent() && isRight(piece, body.get())) {
        return body.get();
      }
      // What is missing or damaged is asked for again: the way may have done it, not the store.
      if (reads == Notes.READS_MAX) {
        throw new CheckpointException.Damaged(
            root.store() + ": " + Names.piece(piece) + ", of " + wanted.file.name(),
            body.map(bytes ->
                    bytes.length() == piece.length()
                        ? "its hash is wrong"
                        : "it has %d bytes, not %d".formatted(bytes.length(), piece.length()))
                .orElse("it is missing"));
      }
      body = root.get(Names.piece(piece));
    }
  }

  private static boolean isRight(Piece piece, Bytes body) {
    return body.length() == piece.length()
        && Hashes.sha256(body.unsafeArray(), body.length()).equals(piece.sha256());
  }

  private static void write(FileChannel out, Bytes body) throws IOException {
    for (ByteBuffer left = body.asBuffer(); left.hasRemaining(); ) {
      out.write(left);
    }
  }
}
