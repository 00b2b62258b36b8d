package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import java.nio.file.Path;
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

  /// The format of the rows of views that this version writes, and the newest that it reads.
  public static final int FORMAT = Rows.FORMAT;

  StoredView() {}

  /// The log that the view is folded from; nothing for a new view.
  public abstract Optional<UUID> logId();

  /// What the key holds, if that can be told from memory alone: it never waits for the disk. The
  /// outer `Optional` is empty where it cannot be told, which costs more than a [#get] from memory.
  public abstract Optional<Optional<KeyValue>> getIfInMemory(Bytes key);

  @Override
  public abstract StoredSnapshot snapshot();

  /// Writes down all that is committed, so that it outlives the process and that a [#checkpoint]
  /// soon afterwards has little left to write. Any thread may call; commits go on meanwhile.
  public abstract void flush();

  /// Whether none of the view's files is being merged with others, or about to be. A checkpoint
  /// that is made then shares the most with the next one. Any thread may ask.
  public boolean isSettled() {
    return true;
  }

  /// Makes a copy of the view as it is committed now, which can be opened as a view of its own, and
  /// shares with it whatever never changes. What it takes depends on what was committed since the
  /// last [#flush]. For the thread of the state machine, between two commits.
  ///
  /// @param directory is made, by this call; its parent is there
  /// @throws ViewException if the directory is there, or cannot be made or written; nothing of that
  ///   name is then left
  public abstract void checkpoint(Path directory);

  /// Ties the view to another log, as if all it holds had been folded from that log up to
  /// `applied`: what a restore does to a view that nobody else uses. It outlives the process once
  /// the view is flushed or closed.
  ///
  /// @param newApplied at or after the applied position
  public abstract void rebind(UUID log, long newApplied);

  /// How far it was folded at the last commit.
  public abstract Progress progress();

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
