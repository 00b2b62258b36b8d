package io.tidemark.simulation;

import io.tidemark.replica.ReadConsistency;
import io.tidemark.replica.Replica;
import io.tidemark.replica.ReplicaException;
import io.tidemark.simulation.ClientOperation.Asked;
import io.tidemark.simulation.ClientOperation.Ended;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.RequestId;
import io.tidemark.statemachine.Result;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/// A client: one thread that asks one thing after the other, of any replica, and writes down what
/// it asked and what it was told. What it was not told it takes for unknown, and goes on as another
/// client.
final class SimClient {
  private static final int ATTEMPTS_MAX = 5;

  private final Cluster cluster;
  private final Workload workload;
  private final SimRandom random;
  private final SimNode.Life life;
  private final CompletableFuture<Void> finished = new CompletableFuture<>();

  private int name;
  private Optional<RequestId> lastRequest = Optional.empty();

  SimClient(Cluster cluster, Workload workload, int number) {
    this.cluster = cluster;
    this.workload = workload;
    this.random = cluster.world().random("client" + number);
    this.life = cluster.world().node("clients").life();
    this.name = workload.nextClient();
  }

  /// Completes when everything was asked.
  CompletableFuture<Void> finished() {
    return finished;
  }

  void start() {
    life.spawn(
        "client",
        () -> {
          for (int i = 0; i < cluster.config().operations(); i++) {
            life.sleepNanos(random.nanosBetween(0, random.percent(5) ? 200 : 10));
            ask(workload.next(random));
          }
          finished.complete(null);
        });
  }

  /// Asks until something is answered: proof that the client is served again.
  CompletableFuture<Void> untilAnswered() {
    var answered = new CompletableFuture<Void>();
    life.spawn(
        "last question",
        () -> {
          Ended ended;
          do {
            life.sleepNanos(random.nanosBetween(0, 100));
            ended =
                ask(new ClientOperation.Get(workload.key(random), ReadConsistency.LINEARIZABLE));
          } while (!(ended instanceof ClientOperation.Read));
          answered.complete(null);
        });
    return answered;
  }

  private Ended ask(Asked wanted) {
    Asked asked = wanted;
    if (wanted instanceof ClientOperation.Write(Command command, _)
        && (isAnonymous(command) || random.percent(cluster.config().sessionPercent()))) {
      Optional<RequestId> request = nextRequest();
      if (request.isEmpty()) {
        return new ClientOperation.Failed("no session");
      }
      asked = new ClientOperation.Write(command, request);
    }
    return record(asked);
  }

  // Without a value of its own it can be told from others in the log only by its request.
  private static boolean isAnonymous(Command command) {
    return Values.operationsIn(command).isEmpty();
  }

  private Ended record(Asked asked) {
    int id = workload.operationOf(asked);
    long called = cluster.world().nowNanos();
    long acknowledged = cluster.evidence().ledger.acknowledgedTail();
    Ended ended =
        switch (asked) {
          case ClientOperation.Write write -> write(write);
          case ClientOperation.Get get ->
              read((replica, timeout) ->
                  gateway().get(replica, get.key(), get.consistency(), timeout));
          case ClientOperation.Scan scan ->
              read((replica, timeout) ->
                  gateway().scan(replica, scan.range(), scan.consistency(), timeout));
        };
    long returned = cluster.world().nowNanos();
    var operation = new ClientOperation(id, name, asked, called, returned, acknowledged, ended);
    cluster.world().trace().add(Trace.Kind.DEED, operation.toString(), id);
    cluster.evidence().operations.add(operation);
    workload.learn(ended);
    if (ended instanceof ClientOperation.Unknown) {
      name = workload.nextClient();
    }
    return ended;
  }

  private Gateway gateway() {
    return cluster.gateway();
  }

  /// The id of the next request in this client's session; nothing if it cannot open one.
  private Optional<RequestId> nextRequest() {
    if (lastRequest.isEmpty()) {
      Ended opened = record(new ClientOperation.Write(new Command.OpenSession(), Optional.empty()));
      if (opened instanceof ClientOperation.Wrote(Result.SessionOpened(long session))) {
        lastRequest = Optional.of(new RequestId(session, 1));
      }
    } else {
      lastRequest = lastRequest.map(last -> new RequestId(last.session(), last.sequence() + 1));
    }
    return lastRequest;
  }

  private Ended write(ClientOperation.Write write) {
    boolean maybe = false;
    String why = "";
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      if (attempt > 0) {
        life.sleepNanos(random.nanosBetween(1, 100));
      }
      try {
        Result result =
            call((replica, timeout) ->
                gateway().write(replica, write.command(), write.requestId(), timeout));
        return switch (result) {
          case Result.SessionUnknown _, Result.AnswerForgotten _, Result.AnswerTooLarge _ ->
              end(maybe, result.toString());
          case Result.SessionOpened _,
              Result.Written _,
              Result.Deleted _,
              Result.Decided _,
              Result.Marked _ ->
              new ClientOperation.Wrote(result);
        };
      } catch (CompletionException thrown) {
        Throwable failure = Failures.unwrap(thrown);
        why = failure.toString();
        if (!isDefinite(failure)) {
          maybe = true;
          if (write.requestId().isEmpty()) {
            break;
          }
        }
      }
    }
    return end(maybe, why);
  }

  private static Ended end(boolean maybe, String why) {
    return maybe ? new ClientOperation.Unknown(why) : new ClientOperation.Failed(why);
  }

  private boolean isDefinite(Throwable failure) {
    return switch (failure) {
      case ReplicaException known ->
          switch (known.retry()) {
            case SAFE, NEVER -> true;
            case WITH_REQUEST_ID -> false;
          };
      case Refused _ -> true;
      case NoAnswer _ -> false;
      default -> {
        cluster.evidence().surprises.add("a client was told " + Failures.describe(failure));
        yield false;
      }
    };
  }

  private Ended read(Call<ClientOperation.Read> made) {
    try {
      return call(made);
    } catch (CompletionException thrown) {
      Throwable failure = Failures.unwrap(thrown);
      boolean _ = isDefinite(failure);
      return new ClientOperation.Failed(failure.toString());
    }
  }

  /// What is asked of a replica, and how long it may take.
  private interface Call<T> {
    CompletableFuture<T> make(Replica replica, Duration timeout);
  }

  private <T> T call(Call<T> made) {
    ReplicaNode target = random.oneOf(cluster.replicas());
    long patienceNanos = cluster.config().callMillis() * 1_000_000L;
    var timeout = Duration.ofNanos(1_000_000 + random.nextLong(2 * patienceNanos));
    var answer = new CompletableFuture<T>();
    Function<Replica, CompletableFuture<T>> calling = replica -> made.make(replica, timeout);
    cluster.net().send(life.node(), target.node(), "call", () -> serve(target, calling, answer));
    life.timers()
        .after(Duration.ofNanos(patienceNanos), () -> answer.completeExceptionally(new NoAnswer()));
    return answer.join();
  }

  // On the replica's machine.
  private <T> void serve(
      ReplicaNode target,
      Function<Replica, CompletableFuture<T>> made,
      CompletableFuture<T> answer) {
    Replica replica = target.replica();
    if (replica == null) {
      cluster
          .net()
          .send(
              target.node(),
              life.node(),
              "refused",
              () -> answer.completeExceptionally(new Refused()));
      return;
    }
    var _ =
        made.apply(replica)
            .whenComplete((value, failure) ->
                cluster
                    .net()
                    .send(
                        target.node(),
                        life.node(),
                        "answer",
                        () -> {
                          if (failure == null) {
                            answer.complete(value);
                          } else {
                            answer.completeExceptionally(Failures.unwrap(failure));
                          }
                        }));
  }

  /// Nothing was heard in time.
  private static final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoAnswer() {
      super("no answer", null, false, false);
    }
  }

  /// Nobody was there to take the request.
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused() {
      super("refused", null, false, false);
    }
  }
}
