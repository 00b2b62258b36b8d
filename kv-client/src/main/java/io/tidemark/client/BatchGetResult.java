package io.tidemark.client;

import java.util.List;

/// The answer to a batch get, of one revision.
///
/// @param revision every change up to this revision is in the answer, and none after it
/// @param pairs those of the keys that are there, in the order asked for
public record BatchGetResult(long revision, List<KeyValue> pairs) {
  /// Keeps a copy of the list.
  public BatchGetResult {
    pairs = List.copyOf(pairs);
  }
}
