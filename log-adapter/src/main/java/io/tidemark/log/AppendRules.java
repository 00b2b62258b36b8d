package io.tidemark.log;

import io.tidemark.base.Bytes;
import java.util.List;
import java.util.Optional;

/// The reasons to refuse an append and the order in which they are looked at, alike for every
/// provider.
///
/// A batch that is too large is refused whatever the state of the log; then comes the seal, which
/// nothing undoes; then the fence, which an expected tail does not get around; the tail comes last.
public final class AppendRules {
  /// What a record takes in a list of records: its length.
  private static final int RECORD_ENTRY_BYTES = 4;

  private AppendRules() {}

  /// Checks what can be checked without the log.
  ///
  /// @return the sum of the records' lengths in bytes
  /// @throws IllegalArgumentException if there is no record
  /// @throws LogException.TooLarge if a record or the batch is larger, or of more records, than the
  ///   log accepts
  public static int checkSize(List<Bytes> records, int recordBytesMax, int batchBytesMax) {
    if (records.isEmpty()) {
      throw new IllegalArgumentException("an append takes one record or more");
    }
    if (records.size() > LogInfo.BATCH_RECORDS_MAX) {
      throw new LogException.TooLarge(
          "the list of a batch's records",
          RECORD_ENTRY_BYTES * (long) records.size(),
          RECORD_ENTRY_BYTES * LogInfo.BATCH_RECORDS_MAX);
    }
    long sum = 0;
    for (Bytes record : records) {
      if (record.length() > recordBytesMax) {
        throw new LogException.TooLarge("a record", record.length(), recordBytesMax);
      }
      sum += record.length();
    }
    if (sum > batchBytesMax) {
      throw new LogException.TooLarge("a batch", sum, batchBytesMax);
    }
    return (int) sum;
  }

  /// Checks a token for [Log#fence].
  ///
  /// @throws LogException.TooLarge if it is longer than every provider accepts
  public static void checkToken(Bytes token) {
    if (token.length() > LogInfo.FENCING_TOKEN_BYTES_MAX) {
      throw new LogException.TooLarge(
          "a fencing token", token.length(), LogInfo.FENCING_TOKEN_BYTES_MAX);
    }
  }

  /// Checks the place a reader begins at.
  ///
  /// @throws IllegalArgumentException if it lies below [Log#START]
  public static long checkFrom(long from) {
    if (from < Log.START) {
      throw new IllegalArgumentException(
          "a log is read from " + Log.START + " or later, not from " + from);
    }
    return from;
  }

  /// Checks the first position of a log that is created.
  ///
  /// @throws IllegalArgumentException if it does not lie between [Log#START] and
  ///   [Log#FIRST_POSITION_MAX]
  public static long checkFirstPosition(long first) {
    if (first < Log.START || first > Log.FIRST_POSITION_MAX) {
      throw new IllegalArgumentException(
          "a log begins at a position from "
              + Log.START
              + " to "
              + Log.FIRST_POSITION_MAX
              + ", not at "
              + first);
    }
    return first;
  }

  /// Why the log refuses an append, or nothing if it takes it.
  ///
  /// @param precondition what the append asks for
  /// @param tail where its first record would stand
  /// @param fence the token of the log's fence, empty if it has none
  /// @param sealed whether the log has ended
  public static Optional<LogException> refusal(
      Precondition precondition, long tail, Bytes fence, boolean sealed) {
    if (sealed) {
      return Optional.of(new LogException.Sealed(tail));
    }
    return switch (precondition) {
      case Precondition.None _ when !fence.isEmpty() -> Optional.of(new LogException.Fenced());
      case Precondition.None _ -> Optional.empty();
      case Precondition.ExpectedTail _ when !fence.isEmpty() ->
          Optional.of(new LogException.Fenced());
      case Precondition.ExpectedTail(long position) when position != tail ->
          Optional.of(new LogException.TailMismatch(position, tail));
      case Precondition.ExpectedTail _ -> Optional.empty();
      case Precondition.FencingToken(Bytes token) when !token.equals(fence) ->
          Optional.of(new LogException.Fenced());
      case Precondition.FencingToken _ -> Optional.empty();
    };
  }
}
