package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.replica.ReadConsistency;
import io.tidemark.replica.Replica;
import io.tidemark.replica.ReplicaException;
import io.tidemark.simulation.PlantedBugs.Bug;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Condition;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.Operation;
import io.tidemark.statemachine.RequestId;
import io.tidemark.statemachine.Result;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// The bugs of whoever stands between the clients and a replica.
final class PlantedAnswers {
  private PlantedAnswers() {}

  static List<Bug> all() {
    return List.of(
        new Bug("M11", "takes all sessions for one", atGateway(OneSession::new, false), "I3", "I9"),
        new Bug(
            "M26",
            "reads a range from two snapshots",
            atGateway(TwoSnapshots::new, true),
            "I11",
            "blind"),
        new Bug(
            "M27",
            "applies a transaction one operation at a time",
            atGateway(OneByOne::new, true),
            "I3",
            "I9",
            "blind"),
        new Bug(
            "M28",
            "decides on a condition when the request comes",
            atGateway(DecidesEarly::new, false),
            "I9",
            "blind"),
        new Bug(
            "M29",
            "takes a key that was made anew for the old one",
            atGateway(ComparesVersions::new, false),
            "I9",
            "blind"),
        new Bug(
            "M30",
            "tells a write of unknown outcome as one that failed",
            atGateway(FailsForCertain::new, false),
            "I8",
            "blind"),
        new Bug(
            "M31",
            "writes again, as a new request, when the outcome is unknown",
            atGateway(WritesAgain::new, false),
            "I3",
            "blind"),
        new Bug(
            "M32a",
            "gives each read the answer of the one before, once a client gave up",
            atGateway(Shifted::new, false),
            "I6",
            "blind"),
        new Bug(
            "M33",
            "forgets after which revision a session wants to read",
            atGateway(Forgetful::new, false),
            "I6"));
  }

  private static Plant atGateway(Supplier<Gateway> gateways, boolean multiKey) {
    return new Plant() {
      @Override
      public Gateway gateway() {
        return gateways.get();
      }

      @Override
      public boolean canShow(SwarmConfig config) {
        return !multiKey || config.multiKey();
      }
    };
  }

  private static final class OneSession implements Gateway {
    private long session;

    @Override
    public CompletableFuture<Result> write(
        Replica replica, Command command, Optional<RequestId> requestId, Duration timeout) {
      if (requestId.isPresent()) {
        session = session == 0 ? requestId.get().session() : session;
      }
      Optional<RequestId> mistaken =
          requestId.map(request -> new RequestId(session, request.sequence()));
      return replica.write(command, mistaken, timeout);
    }
  }

  private static final class TwoSnapshots implements Gateway {
    @Override
    public CompletableFuture<ClientOperation.Read> scan(
        Replica replica, KeyRange range, ReadConsistency consistency, Duration timeout) {
      return replica
          .snapshot(consistency, timeout)
          .thenCompose(first -> {
            ClientOperation.Read all;
            try (first) {
              all = Gateway.read(first, range);
            }
            return replica
                .snapshot(consistency, timeout)
                .thenApply(second -> {
                  try (second) {
                    return joined(all, Gateway.read(second, range));
                  }
                });
          });
    }

    private static ClientOperation.Read joined(
        ClientOperation.Read first, ClientOperation.Read second) {
      List<KeyValue> found = new ArrayList<>(first.found());
      int half = found.size() / 2;
      found.subList(half, found.size()).clear();
      second.found().stream()
          .filter(each -> found.isEmpty() || each.key().compareTo(found.getLast().key()) > 0)
          .forEach(found::add);
      return new ClientOperation.Read(found, second.revision());
    }
  }

  private static final class OneByOne implements Gateway {
    @Override
    public CompletableFuture<Result> write(
        Replica replica, Command command, Optional<RequestId> requestId, Duration timeout) {
      if (!(command instanceof Command.Transaction(var conditions, var then, var otherwise))
          || then.size() < 2
          || !conditions.isEmpty()) {
        return replica.write(command, requestId, timeout);
      }
      int last = then.size() - 1;
      return replica
          .write(
              new Command.Transaction(conditions, then.subList(0, last), otherwise),
              Optional.empty(),
              timeout)
          .thenCompose(_ ->
              replica.write(
                  new Command.Transaction(conditions, then.subList(last, last + 1), otherwise),
                  requestId,
                  timeout));
    }
  }

  private static final class DecidesEarly implements Gateway {
    @Override
    public CompletableFuture<Result> write(
        Replica replica, Command command, Optional<RequestId> requestId, Duration timeout) {
      if (!(command instanceof Command.Transaction(var conditions, var then, var otherwise))
          || conditions.size() != 1
          || !(conditions.getFirst().test() instanceof Condition.NumberIs(_, _, long revision))) {
        return replica.write(command, requestId, timeout);
      }
      Bytes key = conditions.getFirst().key();
      return replica
          .get(key, ReadConsistency.LOCAL, timeout)
          .thenCompose(read -> {
            long actual = read.value().map(KeyValue::modifyRevision).orElse(0L);
            List<Operation> branch = actual == revision ? then : otherwise;
            return replica
                .write(new Command.Transaction(List.of(), branch, List.of()), requestId, timeout)
                .thenApply(result ->
                    result instanceof Result.Decided(long at, _, var answers)
                        ? new Result.Decided(at, actual == revision, answers)
                        : result);
          });
    }
  }

  private static final class ComparesVersions implements Gateway {
    @Override
    public CompletableFuture<Result> write(
        Replica replica, Command command, Optional<RequestId> requestId, Duration timeout) {
      if (!(command instanceof Command.Transaction(var conditions, var then, var otherwise))
          || conditions.size() != 1
          || !(conditions.getFirst().test() instanceof Condition.NumberIs(_, _, long revision))
          || revision == 0) {
        return replica.write(command, requestId, timeout);
      }
      var anyOfTheFirst =
          new Condition(
              conditions.getFirst().key(),
              new Condition.NumberIs(Condition.Field.VERSION, Condition.Comparison.EQUAL, 1));
      return replica.write(
          new Command.Transaction(List.of(anyOfTheFirst), then, otherwise), requestId, timeout);
    }
  }

  private static final class FailsForCertain implements Gateway {
    @Override
    public CompletableFuture<Result> write(
        Replica replica, Command command, Optional<RequestId> requestId, Duration timeout) {
      return replica
          .write(command, requestId, timeout)
          .exceptionallyCompose(failure ->
              CompletableFuture.failedFuture(
                  Failures.unwrap(failure) instanceof ReplicaException.OutcomeUnknown
                      ? new ReplicaException.LogUnavailable("gone", failure)
                      : failure));
    }
  }

  private static final class WritesAgain implements Gateway {
    @Override
    public CompletableFuture<Result> write(
        Replica replica, Command command, Optional<RequestId> requestId, Duration timeout) {
      return replica
          .write(command, Optional.empty(), timeout)
          .exceptionallyCompose(failure ->
              Failures.unwrap(failure) instanceof ReplicaException.OutcomeUnknown
                  ? replica.write(command, Optional.empty(), timeout)
                  : CompletableFuture.failedFuture(failure));
    }
  }

  private static final class Shifted implements Gateway {
    private final ArrayDeque<ClientOperation.Read> late = new ArrayDeque<>();

    @Override
    public CompletableFuture<ClientOperation.Read> get(
        Replica replica, Bytes key, ReadConsistency consistency, Duration timeout) {
      return Gateway.super
          .get(replica, key, consistency, timeout)
          .handle((read, failure) -> {
            if (failure != null) {
              // The answer still comes, when nobody waits for it any more.
              if (late.isEmpty()) {
                var _ =
                    Gateway.super
                        .get(replica, key, ReadConsistency.LOCAL, timeout)
                        .thenAccept(late::add);
              }
              throw new CompletionException(Failures.unwrap(failure));
            }
            late.add(read);
            return late.remove();
          });
    }
  }

  private static final class Forgetful implements Gateway {
    @Override
    public CompletableFuture<ClientOperation.Read> get(
        Replica replica, Bytes key, ReadConsistency consistency, Duration timeout) {
      ReadConsistency forgotten =
          consistency instanceof ReadConsistency.AtLeast ? ReadConsistency.LOCAL : consistency;
      return Gateway.super.get(replica, key, forgotten, timeout);
    }
  }
}
