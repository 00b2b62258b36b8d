package io.tidemark.replica;

import io.tidemark.base.Invariants;

/// The largest requests a replica takes. They are checked before anything is sent.
///
/// @param keyBytesMax the largest key, in bytes
/// @param valueBytesMax the largest value, in bytes
/// @param requestBytesMax the largest sum of all keys and values of one request, in bytes
/// @param batchKeysMax the most keys of one batch of reads, and the most that one
///   [Replica#scan(io.tidemark.statemachine.KeyRange, io.tidemark.statemachine.Snapshot.Direction,
///   int, ReadConsistency)] returns
/// @param transactionStepsMax the most conditions and operations of one transaction, both branches
///   together
public record Limits(
    int keyBytesMax,
    int valueBytesMax,
    int requestBytesMax,
    int batchKeysMax,
    int transactionStepsMax) {
  /// Keys of 64 KiB, values of 16 MiB, 16.5 MiB for one request, so that with its surroundings it
  /// fits into a log record of 17 MiB; 1,000 keys and 128 steps.
  public static final Limits DEFAULT =
      new Limits(64 << 10, 16 << 20, (16 << 20) + (512 << 10), 1_000, 128);

  /// Checks that every limit allows something, and one request the largest key and value.
  public Limits {
    Invariants.check(keyBytesMax > 0, "keys have room", keyBytesMax);
    Invariants.check(valueBytesMax >= 0, "values have room", valueBytesMax);
    Invariants.check(
        requestBytesMax >= (long) keyBytesMax + valueBytesMax,
        "a request can hold the largest key and value",
        requestBytesMax);
    Invariants.check(batchKeysMax > 0, "a batch has room", batchKeysMax);
    Invariants.check(transactionStepsMax > 0, "a transaction has room", transactionStepsMax);
  }
}
