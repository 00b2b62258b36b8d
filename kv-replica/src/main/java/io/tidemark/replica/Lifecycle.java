package io.tidemark.replica;

import io.tidemark.replica.ReplicaStatus.State;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether the replica runs; it ends once, by stopping itself or by being closed.
final class Lifecycle {
  private static final Logger LOGGER = LoggerFactory.getLogger(Replica.class);

  private final AtomicReference<State> state = new AtomicReference<>(new State.Running());
  private final CompletableFuture<String> stopped = new CompletableFuture<>();
  private volatile Consumer<ReplicaException> onStop = _ -> {};

  State state() {
    return state.get();
  }

  boolean isRunning() {
    return state.get() instanceof State.Running;
  }

  /// Completes with the reason when the replica has stopped itself.
  CompletableFuture<String> stopped() {
    return stopped;
  }

  /// The failure of what can no longer be answered, or nothing while the replica runs.
  Optional<ReplicaException> refusal() {
    return switch (state.get()) {
      case State.Running() -> Optional.empty();
      case State.Stopped(String reason) -> Optional.of(new ReplicaException.Stopped(reason));
      case State.Closed() -> Optional.of(new ReplicaException.Closed());
    };
  }

  /// Throws the failure of [#refusal()], if there is one.
  void check() {
    if (!isRunning()) {
      throw refusal().orElseThrow();
    }
  }

  /// Tells this, once, if the replica stops itself; set before anything can stop it.
  void onStop(Consumer<ReplicaException> told) {
    onStop = told;
  }

  /// Stops the replica for good, unless it has ended already: going on could give wrong answers.
  void stop(String reason, @Nullable Throwable cause) {
    if (end(new State.Stopped(reason))) {
      LOGGER.error("the replica stopped: {}", reason, cause);
      onStop.accept(new ReplicaException.Stopped(reason));
      stopped.complete(reason);
    }
  }

  /// Does something whose failure nobody else would see, and stops the replica if it fails.
  void guard(String doing, Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error bug) {
      stop(doing + ": " + bug, bug);
    }
  }

  /// Closes; false if it had ended already.
  boolean close() {
    return end(new State.Closed());
  }

  private boolean end(State last) {
    State now = state.get();
    return now instanceof State.Running && state.compareAndSet(now, last);
  }
}
