package io.tidemark.replica;

import io.tidemark.base.Bytes;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.RequestId;
import io.tidemark.statemachine.Result;
import io.tidemark.statemachine.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A database on a shared log: a view of the whole store in this process, which takes writes and
/// answers reads. Any number of replicas of one log do the same, here and elsewhere.
///
/// ```java
/// var address = LogAddress.parse("journal:data/log");
/// try (var replica = Replica.open(ReplicaConfig.of(Path.of("data/view"), address))) {
///   replica.put(Bytes.utf8("tide"), Bytes.utf8("high")).join();
///   replica.get(Bytes.utf8("tide"), ReadConsistency.LINEARIZABLE).join().value();
/// }
/// ```
///
/// Any thread may call anything; nothing but [#open(ReplicaConfig)] and [#close()] blocks. Futures
/// fail with a [ReplicaException] and nothing else. They complete on the executor of the
/// [Environment], or before they are returned; what hangs on them must be short, and must not wait
/// for another of them, which may be the next to be completed by the same thread.
///
/// A timeout is kept to within [Deadlines#GRANULARITY]. A write of which nobody can tell whether it
/// will take effect fails with [ReplicaException.OutcomeUnknown]; all other failures mean that it
/// has no effect. The writes of one thread enter the log in the order of the calls.
///
/// The log may be away: writes and strong reads then fail, [ReadConsistency.Local] reads go on, and
/// all is well again by itself when it is back. Where going on could give wrong answers, the
/// replica stops for good: [#stopped()] says why.
public final class Replica implements AutoCloseable {
  private final ReplicaConfig config;
  private final Assembly parts;
  private final RequestRules rules;

  private Replica(ReplicaConfig config, Assembly parts) {
    this.config = config;
    this.parts = parts;
    this.rules = new RequestRules(config.limits());
  }

  /// Opens the view, or begins one, and follows the log. It does not wait for the log: a view that
  /// is there answers local reads at once.
  ///
  /// @throws io.tidemark.statemachine.ViewException if the view cannot be opened
  /// @throws io.tidemark.log.LogException if a log in this process cannot be opened
  /// @throws IllegalArgumentException if the registry has the metrics of a replica already
  public static Replica open(ReplicaConfig config) {
    return new Replica(config, Assembly.open(config));
  }

  /// Has the command done once; the future completes with the state machine's answer after this
  /// replica has applied the write, which is then durable and visible to reads here.
  ///
  /// @param requestId names the request, so that it takes effect once however often it is sent
  public CompletableFuture<Result> write(
      Command command, Optional<RequestId> requestId, Duration timeout) {
    try {
      PendingWrite write = admit(command, requestId, timeout);
      parts.writePath().submit(List.of(write));
      return write;
    } catch (ReplicaException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  /// Has the commands done, each by itself, in this order: they are given to the log together, so
  /// that it makes them durable at once. The futures are in the order of the commands, and each is
  /// like that of [#write(Command, Optional, Duration)]; one that is refused leaves the others.
  public List<CompletableFuture<Result>> write(List<Command> commands, Duration timeout) {
    var answers = new ArrayList<CompletableFuture<Result>>(commands.size());
    var writes = new ArrayList<PendingWrite>(commands.size());
    for (Command command : commands) {
      try {
        PendingWrite write = admit(command, Optional.empty(), timeout);
        writes.add(write);
        answers.add(write);
      } catch (ReplicaException refused) {
        answers.add(CompletableFuture.failedFuture(refused));
      }
    }
    parts.writePath().submit(writes);
    return answers;
  }

  private PendingWrite admit(Command command, Optional<RequestId> requestId, Duration timeout) {
    long timeoutNanos = rules.timeoutNanos(timeout);
    return parts.writePath().admit(command, requestId, rules.check(command), timeoutNanos);
  }

  /// Writes one key, within the default timeout; the answer is a [Result.Written].
  public CompletableFuture<Result> put(Bytes key, Bytes value) {
    return write(new Command.Put(key, value));
  }

  /// Removes one key, within the default timeout; the answer is a [Result.Deleted].
  public CompletableFuture<Result> delete(Bytes key) {
    return write(new Command.Delete(key));
  }

  /// Removes the keys of a range, within the default timeout; the answer is a [Result.Deleted].
  public CompletableFuture<Result> deleteRange(KeyRange range) {
    return write(new Command.DeleteRange(range));
  }

  /// Decides on conditions and does one of two lists of operations, within the default timeout; the
  /// answer is a [Result.Decided] or a [Result.AnswerTooLarge].
  public CompletableFuture<Result> transact(Command.Transaction transaction) {
    return write(transaction);
  }

  private CompletableFuture<Result> write(Command command) {
    return write(command, Optional.empty(), config.timeout());
  }

  /// Reads one key.
  public CompletableFuture<ReadResult<Optional<KeyValue>>> get(
      Bytes key, ReadConsistency consistency, Duration timeout) {
    try {
      rules.key(key);
    } catch (ReplicaException refused) {
      return CompletableFuture.failedFuture(refused);
    }
    return read(new Reading.Get(key), consistency, timeout);
  }

  /// Reads one key, within the default timeout.
  public CompletableFuture<ReadResult<Optional<KeyValue>>> get(
      Bytes key, ReadConsistency consistency) {
    return get(key, consistency, config.timeout());
  }

  /// Takes the view as it is, once it is as current as asked for: for reads of many keys at one
  /// revision. Whoever gets it closes it; a future that was cancelled leaves nothing behind.
  public CompletableFuture<Snapshot> snapshot(ReadConsistency consistency, Duration timeout) {
    return read(new Reading.Whole(), consistency, timeout);
  }

  /// Reads the first keys of a range, within the default timeout: at most `limit`, which is at most
  /// [Limits#batchKeysMax()], and fewer where their keys and values reach
  /// [Limits#requestBytesMax()].
  public CompletableFuture<ReadResult<ScanPage>> scan(
      KeyRange range, Snapshot.Direction direction, int limit, ReadConsistency consistency) {
    try {
      rules.range(range);
      rules.scanLimit(limit);
    } catch (ReplicaException refused) {
      return CompletableFuture.failedFuture(refused);
    }
    var scan = new Reading.Scan(range, direction, limit, config.limits().requestBytesMax());
    return read(scan, consistency, config.timeout());
  }

  private <T> CompletableFuture<T> read(
      Reading<T> reading, ReadConsistency consistency, Duration timeout) {
    try {
      long timeoutNanos = rules.timeoutNanos(timeout);
      if (consistency instanceof ReadConsistency.AtLeast(long revision)) {
        rules.revision(revision);
      }
      parts.shared().lifecycle().check();
      long began = parts.shared().uptime().nanos();
      var read = new PendingRead<>(began, began + timeoutNanos, reading);
      switch (consistency) {
        case ReadConsistency.Linearizable() -> parts.reads().linearizable(read);
        case ReadConsistency.AtLeast(long revision) -> parts.reads().atLeast(read, revision);
        case ReadConsistency.Local() -> parts.reads().local(read);
      }
      return read;
    } catch (ReplicaException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  /// Asks the log for its tail, proven after this call began: whoever gets an answer reaches the
  /// log. It waits for no view.
  public CompletableFuture<Long> checkTail(Duration timeout) {
    try {
      long timeoutNanos = rules.timeoutNanos(timeout);
      parts.shared().lifecycle().check();
      long began = parts.shared().uptime().nanos();
      var query = new TailQuery(began, began + timeoutNanos);
      parts.reads().tail(query);
      return query;
    } catch (ReplicaException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  /// Tells the listener of every record that is applied from now on, until what is returned is
  /// closed.
  public AutoCloseable listen(AppliedListener listener) {
    return parts.applier().listen(listener);
  }

  /// How the replica is doing.
  public ReplicaStatus status() {
    return new ReplicaStatus(
        parts.shared().lifecycle().state(),
        parts.view().now().logId(),
        parts.folded().isProven(),
        parts.view().applied(),
        parts.folded().now().logTimeMillis(),
        parts.writes().count(),
        parts.writes().bytes(),
        parts.reads().waiting(),
        parts.costs().now(),
        parts.checkpoints().map(Assembly.Checkpoints::status));
  }

  /// The largest requests taken.
  public Limits limits() {
    return config.limits();
  }

  /// Completes with the reason if the replica stops itself for good; each call gives a future of
  /// its own.
  public CompletableFuture<String> stopped() {
    return parts.shared().lifecycle().stopped().copy();
  }

  /// Lets go of everything, and returns when it is done. Writes that were not sent and reads fail
  /// with [ReplicaException.Closed], writes that were sent with [ReplicaException.OutcomeUnknown].
  /// What the view has applied is kept. Closing again does nothing.
  @Override
  public void close() {
    parts.close();
  }
}
