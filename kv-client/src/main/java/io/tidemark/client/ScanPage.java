package io.tidemark.client;

import java.util.List;

/// One part of a scan; all parts of a scan are of one revision.
///
/// @param revision every change up to this revision is in the scan
/// @param pairs in the scan's order; perhaps none
/// @param more in the last part: whether the limit ended the scan and more keys follow
public record ScanPage(long revision, List<KeyValue> pairs, boolean more) {
  /// Keeps a copy of the list.
  public ScanPage {
    pairs = List.copyOf(pairs);
  }
}
