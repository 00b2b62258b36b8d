package io.tidemark.server.admin;

import io.tidemark.base.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Asks the log for its tail when somebody wants to know: one question serves all who ask while it
/// is under way and for [#FRESH] after its answer, so that probing, however often, costs the log
/// little.
public final class TailProbe {
  /// How old an answer may be.
  public static final Duration FRESH = Duration.ofMillis(500);

  private final Supplier<CompletableFuture<Long>> checkTail;
  private final Clock clock;

  private @Nullable CompletableFuture<Long> latest;
  private long answeredNanos;

  /// Asks by this call, which must not block.
  public TailProbe(Supplier<CompletableFuture<Long>> checkTail, Clock clock) {
    this.checkTail = checkTail;
    this.clock = clock;
  }

  /// The tail, proven at most [#FRESH] ago or since the call; fails as the check did.
  public synchronized CompletableFuture<Long> ask() {
    CompletableFuture<Long> shared = latest;
    if (shared != null && (!shared.isDone() || isFresh())) {
      return shared;
    }
    CompletableFuture<Long> asked = checkTail.get();
    latest = asked;
    answeredNanos = clock.nanoTime();
    return asked.whenComplete((_, _) -> answered());
  }

  private synchronized void answered() {
    answeredNanos = clock.nanoTime();
  }

  private boolean isFresh() {
    return clock.nanoTime() - answeredNanos < FRESH.toNanos();
  }
}
