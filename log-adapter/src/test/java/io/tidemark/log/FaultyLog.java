package io.tidemark.log;

import io.tidemark.base.Bytes;
import io.tidemark.base.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// A log as it looks over a bad connection: requests and replies are lost or late, and what is
/// reported is what an honest remote log would report. It never makes a call twice, and reads go
/// through untouched.
public final class FaultyLog implements Log {
  /// What becomes of one call.
  public enum Fault {
    /// Nothing.
    NONE,
    /// The call is made; its reply comes a little later.
    DELAY_REPLY,
    /// The call is made and its reply is lost.
    LOSE_REPLY,
    /// The call is never made, and the caller knows.
    REFUSE,
    /// The call is never made, and the caller cannot know.
    LOSE_REQUEST,
    /// The caller is told that the outcome is unknown; the call is made a little later.
    DELAY_REQUEST
  }

  /// Decides about the calls, in their order. Any thread may ask.
  public interface Plan {
    /// What becomes of the next call.
    Fault next();
  }

  private final Log log;
  private final Plan plan;
  private final Timers timers;
  private final AtomicLong delays = new AtomicLong();
  private final AtomicLong late = new AtomicLong();
  private final Map<Long, CompletableFuture<?>> replies = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /// The log behind this plan of faults. Closing it closes `log`, but not `timers`.
  public FaultyLog(Log log, Plan plan, Timers timers) {
    this.log = log;
    this.plan = plan;
    this.timers = timers;
  }

  /// Of every hundred calls about `percent` meet one of the faults.
  public static Plan seeded(long seed, int percent, Fault... faults) {
    var random = new Random(seed);
    return () -> {
      synchronized (random) {
        return random.nextInt(100) < percent ? faults[random.nextInt(faults.length)] : Fault.NONE;
      }
    };
  }

  /// These faults, one per call, and none afterwards.
  public static Plan script(Fault... faults) {
    var at = new AtomicInteger();
    return () -> {
      int call = at.getAndIncrement();
      return call < faults.length ? faults[call] : Fault.NONE;
    };
  }

  @Override
  public CompletableFuture<LogInfo> describe() {
    return call(log::describe, FaultyLog::away);
  }

  @Override
  public CompletableFuture<Appended> append(List<Bytes> records, Precondition precondition) {
    return call(() -> log.append(records, precondition), FaultyLog::unknown);
  }

  @Override
  public CompletableFuture<Tail> checkTail() {
    return call(log::checkTail, FaultyLog::away);
  }

  @Override
  public LogReader read(long from) {
    return log.read(from);
  }

  @Override
  public CompletableFuture<Long> trim(long upTo) {
    return call(() -> log.trim(upTo), FaultyLog::away);
  }

  @Override
  public CompletableFuture<Tail.Sealed> seal() {
    return call(log::seal, FaultyLog::away);
  }

  @Override
  public CompletableFuture<Void> fence(Bytes token) {
    return call(() -> log.fence(token), FaultyLog::away);
  }

  /// Closes the log behind; replies and requests still on their way are lost.
  @Override
  public void close() {
    closed = true;
    log.close();
    replies.values().forEach(reply -> reply.completeExceptionally(unknown()));
  }

  private <T> CompletableFuture<T> call(
      Supplier<CompletableFuture<T>> made, Supplier<LogException> lost) {
    return switch (closed ? Fault.NONE : plan.next()) {
      case NONE -> made.get();
      case REFUSE -> CompletableFuture.failedFuture(away());
      case LOSE_REQUEST -> CompletableFuture.failedFuture(lost.get());
      case LOSE_REPLY -> made.get().handle((_, _) -> null).thenCompose(_ -> failed(lost));
      case DELAY_REQUEST -> {
        timers.after(
            delay(),
            () -> {
              var _ = made.get();
            });
        yield CompletableFuture.failedFuture(lost.get());
      }
      case DELAY_REPLY -> delayed(made.get());
    };
  }

  private <T> CompletableFuture<T> delayed(CompletableFuture<T> made) {
    var reply = new CompletableFuture<T>();
    long number = late.getAndIncrement();
    replies.put(number, reply);
    var _ =
        made.whenComplete((value, failure) ->
            timers.after(
                delay(),
                () -> {
                  replies.remove(number);
                  if (failure == null) {
                    reply.complete(value);
                  } else {
                    reply.completeExceptionally(failure);
                  }
                }));
    return reply;
  }

  // Later calls may be answered earlier: the delays go up and down.
  private Duration delay() {
    return Duration.ofNanos(100_000 * (1 + delays.getAndIncrement() * 7 % 11));
  }

  private static <T> CompletableFuture<T> failed(Supplier<LogException> failure) {
    return CompletableFuture.failedFuture(failure.get());
  }

  private static LogException unknown() {
    return new LogException.Indeterminate("the reply was lost", null);
  }

  private static LogException away() {
    return new LogException.Unavailable("the log cannot be reached", null);
  }
}
