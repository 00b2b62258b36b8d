package io.tidemark.checkpoint;

import io.tidemark.base.Bytes;
import io.tidemark.statemachine.Digest;
import io.tidemark.statemachine.Digests;
import io.tidemark.statemachine.Progress;
import io.tidemark.statemachine.StoredView;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/// Says what a checkpoint is and which pieces it consists of. Never changed once it is there.
///
/// @param facts what it is
/// @param roots addresses of other databases' stores of which it names pieces: of the one it was
///   forked from
/// @param files its files, in the order of their names
public record Manifest(Facts facts, List<String> roots, List<StoredFile> files) {
  /// The largest piece, in bytes.
  public static final int PIECE_BYTES_MAX = 8 << 20;

  static final int HASH_BYTES = 32;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}");

  /// Copies the lists.
  public Manifest {
    roots = List.copyOf(roots);
    files = List.copyOf(files);
  }

  /// What a checkpoint is.
  ///
  /// @param logId the log that it was folded from
  /// @param position the applied position of the view: everything before it is folded in, so that
  ///   it is one more than the revision of the mark
  /// @param logTimeMillis the log's time there
  /// @param logBytes how many bytes of records the log had had by then
  /// @param viewFormat the format of the view's rows
  /// @param digest of the view's content
  /// @param rows how many rows the digest covers
  /// @param maker who made it, for people
  public record Facts(
      UUID logId,
      long position,
      long logTimeMillis,
      long logBytes,
      int viewFormat,
      Digest digest,
      long rows,
      String maker) {
    /// The facts of a view that nobody writes to, and that is bound to a log.
    ///
    /// @param digested what its content comes to
    public static Facts of(StoredView view, Digests.Digested digested, String maker) {
      Progress progress = view.progress();
      return new Facts(
          view.logId().orElseThrow(),
          progress.applied(),
          progress.logTimeMillis(),
          progress.logBytes(),
          StoredView.FORMAT,
          digested.digest(),
          digested.rows(),
          maker);
    }
  }

  /// A file of a checkpoint.
  ///
  /// @param name without a directory
  /// @param pieces in the order in which they make up the file
  public record StoredFile(String name, List<Piece> pieces) {
    /// Checks the name.
    ///
    /// @throws IllegalArgumentException if it could lead out of a directory
    public StoredFile {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("\"" + name + "\" is no name of a file");
      }
      pieces = List.copyOf(pieces);
    }

    /// How long the file is, in bytes.
    public long length() {
      return pieces.stream().mapToLong(Piece::length).sum();
    }
  }

  /// A part of a file, and an object of the store.
  ///
  /// @param root 0 for the store that the manifest is in, else the number of one of
  ///   [Manifest#roots], from 1
  /// @param position the checkpoint that it was first uploaded for
  /// @param sha256 32 bytes, the hash of its content
  /// @param length 1 to [#PIECE_BYTES_MAX] bytes
  public record Piece(int root, long position, Bytes sha256, int length) {
    /// Checks the bounds.
    ///
    /// @throws IllegalArgumentException if there can be no such piece
    public Piece {
      if (root < 0
          || position < 1
          || sha256.length() != HASH_BYTES
          || length < 1
          || length > PIECE_BYTES_MAX) {
        throw new IllegalArgumentException(
            "no piece: %d, %d, %s, %d".formatted(root, position, sha256, length));
      }
    }

    String hash() {
      return HexFormat.of().formatHex(sha256.unsafeArray());
    }
  }

  /// Where the checkpoint is in the log: [Facts#position].
  public long position() {
    return facts.position();
  }

  /// How many bytes its files have.
  public long bytes() {
    return files.stream().mapToLong(StoredFile::length).sum();
  }

  /// How many bytes were uploaded for it, and not named from earlier checkpoints.
  public long newBytes() {
    return files.stream()
        .flatMap(file -> file.pieces().stream())
        .filter(piece -> piece.root() == 0 && piece.position() == position())
        .distinct()
        .mapToLong(Piece::length)
        .sum();
  }
}
