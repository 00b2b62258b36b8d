package io.tidemark.log;

import io.tidemark.base.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A durable, totally ordered sequence of records that any number of replicas append to and read.
///
/// Every position is a *boundary*: it names the first record at or after it. The tail is therefore
/// the first unwritten position, and a replica has caught up when `applied >= tail`.
///
/// ```text
///   trim          applied         tail
///    v               v              v
///    | 3 | 4 | 5 | 6 | 7 | 8 | 9 |
/// ```
///
/// Positions are strictly increasing, opaque, and may have gaps. The first is [#START]; no record
/// ever stands below it, so that zero can mean *never*. A log may be created to begin further on,
/// for a database that goes on from another's state: it is then as one that was trimmed up to
/// there.
///
/// Every call may be made from any thread, at any time, and returns without blocking. Futures fail
/// with a [LogException] and nothing else, and may complete on a thread of the log's: what hangs on
/// them must be short and must not block.
///
/// The rules follow Restate's loglet, S2, Delos and CORFU.
public interface Log extends AutoCloseable {
  /// The position of the first record of every log that was not created to begin further on.
  long START = 1;

  /// The furthest position that a log may be created to begin at. So many positions are left behind
  /// it that none is ever used up.
  long FIRST_POSITION_MAX = 1L << 61;

  /// Says which log this is and what it accepts. Fails with [LogException.Unavailable] where the
  /// log cannot be reached.
  CompletableFuture<LogInfo> describe();

  /// Appends the records as one unit, adjacent and in order, or not at all, and at most once.
  ///
  /// The future completes after the records are durable, never before. Of two appends, the one that
  /// is called after the other's call has returned, on whatever thread, enters the log after it, as
  /// far as both enter it.
  ///
  /// It fails on one of two sides. *Not appended*: the records are not and will never be in the
  /// log. *Maybe appended* ([LogException.Indeterminate]): they are in it, or will be, or never. A
  /// failed precondition is reported only once the state that caused it is durable.
  ///
  /// Where several reasons to refuse it hold, the first of these is told: too large, sealed,
  /// fenced, another tail.
  ///
  /// @param records one or more
  /// @throws IllegalArgumentException if there are none
  CompletableFuture<Appended> append(List<Bytes> records, Precondition precondition);

  /// Finds the tail: a position `T` such that every append acknowledged *before this call began* is
  /// below `T`, and nothing undurable is below `T`.
  ///
  /// It fails with [LogException.Unavailable] rather than answer when it cannot prove that: a value
  /// that was true before the call is no answer.
  CompletableFuture<Tail> checkTail();

  /// Reads durable records in order, beginning with the first at or after `from`.
  ///
  /// A reader may start beyond the tail; it then waits for the record it was asked for. Nothing is
  /// opened or checked before [LogReader#next()].
  ///
  /// @throws IllegalArgumentException if `from` lies below [#START]
  LogReader read(long from);

  /// Forgets records below `upTo`, or below the tail if that is less, as far as the provider finds
  /// it worth the while; returns the trim point now in force, at most `upTo` or where it stood
  /// before. Records at or after the trim point are never lost, and the trim point never goes back.
  CompletableFuture<Long> trim(long upTo);

  /// Ends the log for good and returns its final tail. Afterwards no append is ever acknowledged.
  /// Sealing a sealed log answers the same again.
  CompletableFuture<Tail.Sealed> seal();

  /// Makes older owners powerless: once this completes, appends that do not carry this token fail
  /// with [LogException.Fenced]. The empty token removes the fence. At most
  /// [LogInfo#FENCING_TOKEN_BYTES_MAX] bytes, else [LogException.TooLarge]; a sealed log answers
  /// [LogException.Sealed].
  CompletableFuture<Void> fence(Bytes token);

  /// What this process has asked of a provider that charges for requests, as of now; nothing where
  /// requests cost nothing. A closed log answers, too.
  default Optional<LogCost> cost() {
    return Optional.empty();
  }

  /// Lets go of everything. Appends under way complete or fail first; later calls fail with
  /// [LogException.Closed]. Blocks until the log's threads have ended.
  @Override
  void close();
}
