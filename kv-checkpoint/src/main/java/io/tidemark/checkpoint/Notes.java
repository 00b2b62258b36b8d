package io.tidemark.checkpoint;

import io.tidemark.base.Bytes;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Reads and creates the notes of one store, and remembers those that never change.
final class Notes {
  /// What arrives damaged is asked for again: the way may have done it, not the store.
  static final int READS_MAX = 3;

  private final Requests requests;
  private final Map<String, Note> known = new HashMap<>();

  Notes(Requests requests) {
    this.requests = requests;
  }

  /// Creates the note, and returns what is there under its name.
  Note createOrGet(String key, Note note) throws InterruptedException {
    Bytes body = note.encode();
    if (requests.create(key, body)) {
      return note;
    }
    return find(key)
        .orElseThrow(() ->
            new CheckpointException.Unavailable(
                requests.store() + ": " + key + " was there and is gone; try again"));
  }

  /// What is there, asked for now.
  ///
  /// @throws CheckpointException.Damaged if it is not what was written
  /// @throws CheckpointException.NewerFormat if it is of a newer format
  Optional<Note> find(String key) throws InterruptedException {
    for (int reads = 1; ; reads++) {
      Optional<Bytes> found = requests.get(key);
      try {
        return found.map(object -> NoteCodec.decode(requests.store() + ": " + key, object));
      } catch (CheckpointException.Damaged damaged) {
        if (reads == READS_MAX) {
          throw damaged;
        }
      }
    }
  }

  /// What is there or was there before: notes never change.
  Optional<Note> recall(String key) throws InterruptedException {
    Note note = known.get(key);
    if (note != null) {
      return Optional.of(note);
    }
    Optional<Note> found = find(key);
    found.ifPresent(there -> known.put(key, there));
    return found;
  }

  /// Forgets all but these.
  void remember(Collection<String> keys) {
    known.keySet().retainAll(keys);
  }

  CheckpointException.Damaged unexpected(String key, Note note) {
    return new CheckpointException.Damaged(
        requests.store() + ": " + key, "it is a " + note.getClass().getSimpleName());
  }
}
