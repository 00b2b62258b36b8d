package io.tidemark.checkpoint;

import io.tidemark.base.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What the small objects of a store of checkpoints say, for whoever watches a store in a test.
public final class StoredNotes {
  private StoredNotes() {}

  /// The position in a name of this folder; nothing for the name of anything else.
  public static OptionalLong positionOf(String folder, String key) {
    return Names.positionOf(folder, key);
  }

  /// What is complete; nothing where the making was given up.
  public static Optional<Manifest> complete(String key, Bytes body) {
    return NoteCodec.decode(key, body) instanceof Note.Complete(var manifest)
        ? Optional.of(manifest)
        : Optional.empty();
  }

  /// Which checkpoint one that is being made builds on; zero for none.
  public static long baseOf(String key, Bytes body) {
    return NoteCodec.decode(key, body) instanceof Note.Making making ? making.base() : 0;
  }

  /// The names of the pieces of a file, in their order.
  public static List<String> piecesOf(Manifest.StoredFile file) {
    return file.pieces().stream().map(Names::piece).toList();
  }
}
