package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A view as its [StateMachine] writes it and its replica keeps it: the rows that [Rows] draws, in
/// order, committed in batches.
///
/// Any thread may read; the one thread of the state machine writes. Whatever is called after
/// [#close] fails with [ViewException.Closed], and every method may fail with a [ViewException].
public abstract class StoredView implements View {
  /// What [#peek] returns where there is no row.
  static final int NO_ROW = -1;

  StoredView() {}

  /// The log that the view is folded from; nothing for a new view.
  public abstract Optional<UUID> logId();

  /// What the key holds, if that can be told from memory alone: it never waits for the disk. The
  /// outer `Optional` is empty where it cannot be told, which costs more than a [#get] from memory.
  public abstract Optional<Optional<KeyValue>> getIfInMemory(Bytes key);

  /// How far it was folded at the last commit.
  abstract Progress progress();

  /// Ties the view to a log, before anything of that log is written: a view that holds anything of
  /// a log says of which.
  abstract void bindTo(UUID log);

  /// Makes the batch visible, all of it at once, together with how far the log is then folded.
  abstract void commit(PendingBatch pending, Progress progress);

  /// The row as it is committed, or null if there is none.
  abstract byte @Nullable [] read(Bytes rawKey);

  /// Copies the begin of a row into `head` and returns the row's length, or [#NO_ROW].
  abstract int peek(Bytes rawKey, byte[] head);

  /// Walks over the rows as they are committed now.
  abstract RowIterator iterate(Bytes rawBegin, Bytes rawEnd);
}
