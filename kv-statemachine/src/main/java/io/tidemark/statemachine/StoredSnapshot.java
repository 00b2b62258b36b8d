package io.tidemark.statemachine;

/// A snapshot of a [StoredView], of which all rows can be walked over: for [Digests].
public abstract class StoredSnapshot implements Snapshot {
  StoredSnapshot() {}

  /// Walks over every row as it was, those of the view's own among them.
  abstract RowIterator rows();
}
