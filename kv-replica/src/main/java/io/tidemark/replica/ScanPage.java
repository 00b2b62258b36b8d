package io.tidemark.replica;

import io.tidemark.statemachine.KeyValue;
import java.util.List;

/// The first keys of a range, in the order of the scan.
///
/// @param keyValues what was found
/// @param more whether the range holds more keys than the scan was to return
public record ScanPage(List<KeyValue> keyValues, boolean more) {
  /// Keeps a copy of the list.
  public ScanPage {
    keyValues = List.copyOf(keyValues);
  }
}
