package io.tidemark.log;

import io.tidemark.base.Invariants;
import java.util.UUID;

/// Which log it is and what it accepts.
///
/// @param id names the log for ever; a replica's view belongs to the log with this id alone
/// @param provider what keeps it, for people: `memory`, `journal`, ...
/// @param trimPoint the first position that can be read, when it was asked
/// @param recordBytesMax the largest record accepted
/// @param batchBytesMax the largest sum of the records of one append accepted
public record LogInfo(
    UUID id, String provider, long trimPoint, int recordBytesMax, int batchBytesMax) {
  /// The largest fencing token that every provider accepts.
  public static final int FENCING_TOKEN_BYTES_MAX = 256;

  /// The largest number of records in one append that every provider accepts, and the largest that
  /// any does.
  public static final int BATCH_RECORDS_MAX = 65_536;

  /// Checks the bounds.
  public LogInfo {
    Invariants.check(trimPoint >= Log.START, "a trim point lies in the log", trimPoint);
    Invariants.check(
        0 < recordBytesMax && recordBytesMax <= batchBytesMax,
        "a batch can hold the largest record",
        recordBytesMax,
        batchBytesMax);
  }
}
