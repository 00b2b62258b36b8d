package io.tidemark.server;

import io.tidemark.base.Clock;
import io.tidemark.replica.ReplicaStatus;
import io.tidemark.server.admin.CatchUp;
import io.tidemark.server.admin.Check;
import io.tidemark.server.admin.Check.Outcome;
import io.tidemark.server.admin.Checks;
import io.tidemark.server.admin.TailProbe;
import io.tidemark.server.rpc.ReplicaCalls;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// What live, started and ready mean for a server.
///
/// | | live | started | ready |
/// |---|---|---|---|
/// | `replica`: it has not stopped itself | yes | yes | yes |
/// | `log`: it told its tail just now | | | yes |
/// | `caught-up`: the view reached the tail that was first seen | | yes | yes |
/// | `lag`: the view reaches each tail within a time | | | yes |
/// | `serving`: the server is not going down | | | yes |
final class Probes {
  private final ReplicaCalls replica;
  private final TailProbe tail;
  private final CatchUp catchUp;
  private final Duration tailTimeout;
  private volatile boolean serving = true;

  Probes(ReplicaCalls replica, Duration tailTimeout, Duration lagMax, Clock clock) {
    this.replica = replica;
    this.tailTimeout = tailTimeout;
    catchUp = new CatchUp(() -> replica.status().applied(), lagMax, clock);
    tail =
        new TailProbe(
            () ->
                replica
                    .checkTail(tailTimeout)
                    .whenComplete((position, _) -> {
                      if (position != null) {
                        catchUp.saw(position);
                      }
                    }),
            clock);
  }

  Checks live() {
    return new Checks("livez", List.of(Check.now("replica", this::replicaRuns)));
  }

  Checks started() {
    return new Checks(
        "startupz",
        List.of(
            Check.now("replica", this::replicaRuns),
            new Check("caught-up", () -> afterTail(catchUp::started))));
  }

  Checks ready() {
    return new Checks(
        "readyz",
        List.of(
            Check.now("replica", this::replicaRuns),
            new Check("log", this::logAnswers),
            new Check("caught-up", () -> afterTail(catchUp::started)),
            new Check("lag", () -> afterTail(catchUp::keepsUp)),
            Check.now("serving", () -> Outcome.of(serving, "the server is going down"))));
  }

  CompletableFuture<Boolean> isLive() {
    return live().run(Set.of()).thenApply(Checks.Report::passed);
  }

  CompletableFuture<Boolean> isReady() {
    return ready().run(Set.of()).thenApply(Checks.Report::passed);
  }

  /// From now on the server is not ready, whatever else holds.
  void goDown() {
    serving = false;
  }

  private Outcome replicaRuns() {
    return switch (replica.status().state()) {
      case ReplicaStatus.State.Running() -> new Outcome.Passed();
      case ReplicaStatus.State.Stopped(String reason) ->
          new Outcome.Failed("the replica stopped itself: " + reason);
      case ReplicaStatus.State.Closed() -> new Outcome.Failed("the replica is closed");
    };
  }

  private CompletableFuture<Outcome> logAnswers() {
    return tail.ask()
        .handle((_, failure) -> {
          if (failure == null) {
            return new Outcome.Passed();
          }
          Throwable cause =
              failure instanceof CompletionException && failure.getCause() != null
                  ? failure.getCause()
                  : failure;
          return new Outcome.Failed(
              "no tail within " + tailTimeout.toMillis() + " ms: " + cause.getMessage());
        });
  }

  private CompletableFuture<Outcome> afterTail(Supplier<Outcome> outcome) {
    return tail.ask().handle((_, _) -> outcome.get());
  }
}
