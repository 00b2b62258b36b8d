package io.tidemark.checkpoint;

import java.util.List;

/// What pruning did, or would do.
///
/// @param doomed positions of checkpoints that may no longer be used from now on
/// @param ended positions of checkpoints whose makers had vanished
/// @param held positions of doomed checkpoints that somebody still reads or builds on
/// @param piecesDeleted how many objects of content were deleted
public record PruneReport(List<Long> doomed, List<Long> ended, List<Long> held, int piecesDeleted) {
  /// Copies the lists.
  public PruneReport {
    doomed = List.copyOf(doomed);
    ended = List.copyOf(ended);
    held = List.copyOf(held);
  }
}
