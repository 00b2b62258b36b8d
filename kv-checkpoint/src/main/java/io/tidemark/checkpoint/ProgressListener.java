package io.tidemark.checkpoint;

/// Hears how far a long work is, on the worker's thread.
public interface ProgressListener {
  /// Hears nothing.
  ProgressListener NONE = (done, total) -> {};

  /// So many bytes are done out of so many; called often, with `done` never falling.
  void at(long bytesDone, long bytesTotal);
}
