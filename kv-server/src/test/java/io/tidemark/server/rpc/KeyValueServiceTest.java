package io.tidemark.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.tidemark.api.v1.AtLeast;
import io.tidemark.api.v1.BatchGetRequest;
import io.tidemark.api.v1.Comparison;
import io.tidemark.api.v1.Condition;
import io.tidemark.api.v1.Consistency;
import io.tidemark.api.v1.DeleteAnswer;
import io.tidemark.api.v1.DeleteRangeRequest;
import io.tidemark.api.v1.DeleteRangeResponse;
import io.tidemark.api.v1.DeleteRequest;
import io.tidemark.api.v1.DeleteResponse;
import io.tidemark.api.v1.GetAnswer;
import io.tidemark.api.v1.GetOperation;
import io.tidemark.api.v1.GetRequest;
import io.tidemark.api.v1.GetResponse;
import io.tidemark.api.v1.GetServerInfoRequest;
import io.tidemark.api.v1.KeyRange;
import io.tidemark.api.v1.KeyValuePair;
import io.tidemark.api.v1.Local;
import io.tidemark.api.v1.LogRequests;
import io.tidemark.api.v1.NumberTest;
import io.tidemark.api.v1.OpenSessionRequest;
import io.tidemark.api.v1.Operation;
import io.tidemark.api.v1.PutAnswer;
import io.tidemark.api.v1.PutOperation;
import io.tidemark.api.v1.PutRequest;
import io.tidemark.api.v1.RequestId;
import io.tidemark.api.v1.TransactRequest;
import io.tidemark.base.Bytes;
import io.tidemark.log.LogCost;
import io.tidemark.replica.ReadConsistency;
import io.tidemark.replica.ReplicaCost;
import io.tidemark.replica.ReplicaException;
import io.tidemark.replica.ReplicaStatus;
import io.tidemark.replica.Spending;
import io.tidemark.statemachine.Answer;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Result;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every method over a real connection: what reaches the replica, and what comes back.
@Timeout(60)
class KeyValueServiceTest {
  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void getTellsThePairOrItsAbsenceAndTheRevision() {
    rig.replica.holds("tide", Bytes.utf8("high"));

    GetResponse there = rig.client().get(get("tide").build());
    assertThat(there.getRevision()).isEqualTo(11);
    assertThat(there.getPair()).isEqualTo(pair("tide", "high"));
    GetResponse missing = rig.client().get(get("ebb").build());
    assertThat(missing).isEqualTo(GetResponse.newBuilder().setRevision(11).build());
  }

  @Test
  void readsAreLinearizableUnlessTheyAskForLess() {
    rig.client().get(get("k").build());
    rig.client().get(get("k").setConsistency(Consistency.getDefaultInstance()).build());
    rig.client()
        .get(
            get("k")
                .setConsistency(
                    Consistency.newBuilder().setAtLeast(AtLeast.newBuilder().setRevision(9)))
                .build());
    rig.client()
        .get(
            get("k")
                .setConsistency(Consistency.newBuilder().setLocal(Local.getDefaultInstance()))
                .build());

    assertThat(rig.replica.consistencies)
        .containsExactly(
            ReadConsistency.LINEARIZABLE,
            ReadConsistency.LINEARIZABLE,
            new ReadConsistency.AtLeast(9),
            ReadConsistency.LOCAL);
  }

  @Test
  void batchGetReadsOneSnapshotInTheOrderAskedForAndBoundsItsAnswer() {
    rig.replica.holds("a", Bytes.utf8("1"));
    rig.replica.holds("b", Bytes.utf8("2"));

    var request =
        BatchGetRequest.newBuilder()
            .addKeys(Rig.bytes("b"))
            .addKeys(Rig.bytes("missing"))
            .addKeys(Rig.bytes("a"));
    var response = rig.client().batchGet(request.build());
    assertThat(response.getPairsList()).containsExactly(pair("b", "2"), pair("a", "1"));
    assertThat(response.getRevision()).isEqualTo(11);

    rig.replica.holds("large", Bytes.wrap(new byte[40_000]));
    rig.replica.holds("larger", Bytes.wrap(new byte[40_000]));
    var error =
        ErrorsTest.error(() ->
            rig.client()
                .batchGet(
                    BatchGetRequest.newBuilder()
                        .addKeys(Rig.bytes("large"))
                        .addKeys(Rig.bytes("larger"))
                        .build()));
    assertThat(Rig.info(error).getReason()).isEqualTo("TOO_LARGE");
    Rig.await("no snapshot is held", () -> rig.replica.snapshotsOpen.get() == 0);
  }

  @Test
  void putDeleteAndDeleteRangeAreCommandsWithTheirRequestId() {
    var id = RequestId.newBuilder().setSession(4).setSequence(2);
    answersWith(new Result.Written(7));
    assertThat(
            rig.client()
                .put(
                    PutRequest.newBuilder()
                        .setKey(Rig.bytes("k"))
                        .setValue(Rig.bytes("v"))
                        .setRequestId(id)
                        .build())
                .getRevision())
        .isEqualTo(7);
    answersWith(new Result.Deleted(8, 1));
    assertThat(rig.client().delete(DeleteRequest.newBuilder().setKey(Rig.bytes("k")).build()))
        .isEqualTo(DeleteResponse.newBuilder().setRevision(8).setDeleted(true).build());
    answersWith(new Result.Deleted(9, 3));
    assertThat(
            rig.client()
                .deleteRange(
                    DeleteRangeRequest.newBuilder()
                        .setRange(KeyRange.newBuilder().setPrefix(Rig.bytes("k")))
                        .build()))
        .isEqualTo(DeleteRangeResponse.newBuilder().setRevision(9).setDeletedCount(3).build());

    assertThat(rig.replica.commands)
        .containsExactly(
            new Command.Put(Bytes.utf8("k"), Bytes.utf8("v")),
            new Command.Delete(Bytes.utf8("k")),
            new Command.DeleteRange(io.tidemark.statemachine.KeyRange.prefix(Bytes.utf8("k"))));
    assertThat(rig.replica.requestIds)
        .containsExactly(
            Optional.of(new io.tidemark.statemachine.RequestId(4, 2)),
            Optional.empty(),
            Optional.empty());
  }

  @Test
  void aSessionIsItsNumber() {
    answersWith(new Result.SessionOpened(42));

    assertThat(rig.client().openSession(OpenSessionRequest.getDefaultInstance()).getSession())
        .isEqualTo(42);
    assertThat(rig.replica.commands).containsExactly(new Command.OpenSession());
  }

  @Test
  void aTransactionKeepsItsParts() {
    Bytes key = Bytes.utf8("k");
    var found = new io.tidemark.statemachine.KeyValue(key, Bytes.utf8("v"), 3, 5, 2);
    answersWith(
        new Result.Decided(
            9,
            true,
            List.of(
                new Answer.Written(),
                new Answer.Deleted(2),
                new Answer.Found(Optional.of(found)),
                new Answer.Found(Optional.empty()))));

    var response =
        rig.client()
            .transact(
                TransactRequest.newBuilder()
                    .addConditions(Condition.newBuilder().setKey(Rig.bytes("k")).setExists(false))
                    .addConditions(
                        Condition.newBuilder()
                            .setKey(Rig.bytes("k"))
                            .setVersion(
                                NumberTest.newBuilder()
                                    .setComparison(Comparison.COMPARISON_LESS)
                                    .setOperand(4)))
                    .addThen(
                        Operation.newBuilder()
                            .setPut(
                                PutOperation.newBuilder()
                                    .setKey(Rig.bytes("k"))
                                    .setValue(Rig.bytes("v"))))
                    .addOtherwise(
                        Operation.newBuilder()
                            .setGet(GetOperation.newBuilder().setKey(Rig.bytes("k"))))
                    .build());

    assertThat(response.getRevision()).isEqualTo(9);
    assertThat(response.getSucceeded()).isTrue();
    assertThat(response.getAnswersList())
        .containsExactly(
            answer().setPut(PutAnswer.getDefaultInstance()).build(),
            answer().setDelete(DeleteAnswer.newBuilder().setDeletedCount(2)).build(),
            answer().setGet(GetAnswer.newBuilder().setPair(pair("k", "v"))).build(),
            answer().setGet(GetAnswer.getDefaultInstance()).build());
    assertThat(rig.replica.commands)
        .containsExactly(
            new Command.Transaction(
                List.of(
                    new io.tidemark.statemachine.Condition(
                        key, new io.tidemark.statemachine.Condition.Missing()),
                    new io.tidemark.statemachine.Condition(
                        key,
                        new io.tidemark.statemachine.Condition.NumberIs(
                            io.tidemark.statemachine.Condition.Field.VERSION,
                            io.tidemark.statemachine.Condition.Comparison.LESS,
                            4))),
                List.of(new io.tidemark.statemachine.Operation.Put(key, Bytes.utf8("v"))),
                List.of(new io.tidemark.statemachine.Operation.Get(key))));
  }

  @Test
  void theReplicaHasALittleLessTimeThanTheClientsDeadlineAndTheSettingWithoutOne() {
    rig.client().withDeadlineAfter(2, TimeUnit.SECONDS).get(get("k").build());
    rig.client().get(get("k").build());

    assertThat(rig.replica.timeouts.getFirst())
        .isLessThan(Duration.ofMillis(1_801))
        .isGreaterThan(Duration.ofMillis(300));
    assertThat(rig.replica.timeouts.getLast()).isEqualTo(Duration.ofSeconds(5));
    assertThat(Deadlines.lessMargin(1_000_000)).isEqualTo(Duration.ofMillis(1));
    assertThat(Deadlines.lessMargin(100_000_000)).isEqualTo(Duration.ofMillis(90));
    assertThat(Deadlines.lessMargin(-5)).isEqualTo(Duration.ofMillis(1));
  }

  @Test
  void serverInfoTellsLimitsLogAndPosition() {
    var info = rig.client().getServerInfo(GetServerInfoRequest.getDefaultInstance());

    assertThat(info.getVersion()).isEqualTo("1.2.3");
    assertThat(info.getRevision()).isEqualTo(11);
    assertThat(info.getStoppedBecause()).isEmpty();
    assertThat(info.getLog().getAddress()).isEqualTo("memory:");
    assertThat(info.getLog().getId()).isEqualTo(FakeReplica.LOG_ID.toString());
    assertThat(info.getLog().getTail()).isEqualTo(12);
    assertThat(info.getLimits().getKeyBytesMax()).isEqualTo(100);
    assertThat(info.getLimits().getValueBytesMax()).isEqualTo(40_000);
    assertThat(info.getLimits().getRequestBytesMax()).isEqualTo(50_000);
    assertThat(info.getLimits().getBatchKeysMax()).isEqualTo(5);
    assertThat(info.getLimits().getTransactionStepsMax()).isEqualTo(4);
    assertThat(info.getLimits().getSessionWindow()).isPositive();
    assertThat(info.getLimits().getSessionsMax()).isPositive();
  }

  @Test
  void serverInfoTellsWhatTheLogCosts() {
    assertThat(
            rig.client()
                .getServerInfo(GetServerInfoRequest.getDefaultInstance())
                .getLog()
                .hasCost())
        .isFalse();
    rig.replica.cost =
        Optional.of(
            new ReplicaCost(
                new LogCost(
                    List.of(
                        new LogCost.Line(
                            LogCost.Purpose.APPEND,
                            LogCost.Kind.PUT,
                            new LogCost.Count(1, 2, 3, 4, 5, 6),
                            7)),
                    8,
                    OptionalDouble.of(9)),
                new Spending(Duration.ofMillis(1_500), 10, 11, 12, 13, 14),
                new Spending(Duration.ofMillis(15), 16, 17, 18, 19, 20)));

    var cost =
        rig.client().getServerInfo(GetServerInfoRequest.getDefaultInstance()).getLog().getCost();

    assertThat(cost)
        .isEqualTo(
            io.tidemark.api.v1.LogCost.newBuilder()
                .addRequests(
                    LogRequests.newBuilder()
                        .setKind("put")
                        .setPurpose("append")
                        .setRequests(1)
                        .setMissed(2)
                        .setFailed(3)
                        .setThrottled(4)
                        .setBytesSent(5)
                        .setBytesReceived(6)
                        .setDollars(7))
                .setSinceStart(spending(1.5, 10))
                .setLately(spending(0.015, 16))
                .setBudgetDollarsPerHour(9)
                .build());
  }

  private static io.tidemark.api.v1.Spending spending(double seconds, int first) {
    return io.tidemark.api.v1.Spending.newBuilder()
        .setSeconds(seconds)
        .setDollars(first)
        .setWrites(first + 1)
        .setWriteDollars(first + 2)
        .setStrongReads(first + 3)
        .setReadDollars(first + 4)
        .build();
  }

  @Test
  void serverInfoIsToldWithoutTheLogAndByAStoppedReplica() {
    rig.replica.tail =
        CompletableFuture.failedFuture(new ReplicaException.LogUnavailable("no route", null));
    rig.replica.state = new ReplicaStatus.State.Stopped("a record from the future");

    var info = rig.client().getServerInfo(GetServerInfoRequest.getDefaultInstance());

    assertThat(info.getLog().hasTail()).isFalse();
    assertThat(info.getLog().getUnavailableBecause()).isEqualTo("no route");
    assertThat(info.getStoppedBecause()).isEqualTo("a record from the future");
  }

  @Test
  void healthIsAskedAnewEachTimeAndWatchersAreToldOfChanges() {
    var health = HealthGrpc.newBlockingStub(rig.channel());
    assertThat(health.check(service("")).getStatus()).isEqualTo(ServingStatus.SERVING);
    var seen = new CopyOnWriteArrayList<ServingStatus>();
    HealthGrpc.newStub(rig.channel()).watch(service("kv.v1.KeyValue"), collect(seen));
    Rig.await("the watcher is told at once", () -> seen.size() == 1);

    rig.ready = false;

    assertThat(health.check(service("")).getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
    assertThat(health.check(service("kv.v1.KeyValue")).getStatus())
        .isEqualTo(ServingStatus.NOT_SERVING);
    assertThat(health.check(service("live")).getStatus()).isEqualTo(ServingStatus.SERVING);
    Rig.await("the watcher is told of the change", () -> seen.size() == 2);
    assertThat(seen).containsExactly(ServingStatus.SERVING, ServingStatus.NOT_SERVING);
    var error = ErrorsTest.error(() -> health.check(service("nobody")));
    assertThat(error.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.NOT_FOUND);
  }

  @Test
  void reflectionListsTheServices() {
    var listed = new CopyOnWriteArrayList<String>();
    var requests =
        ServerReflectionGrpc.newStub(rig.channel())
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    response
                        .getListServicesResponse()
                        .getServiceList()
                        .forEach(service -> listed.add(service.getName()));
                  }

                  @Override
                  public void onError(Throwable failure) {}

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());

    Rig.await("they are listed", () -> listed.contains("kv.v1.KeyValue"));
    assertThat(listed).contains("grpc.health.v1.Health");
    requests.onCompleted();
  }

  private void answersWith(Result result) {
    rig.replica.result = CompletableFuture.completedFuture(result);
  }

  private static io.tidemark.api.v1.Answer.Builder answer() {
    return io.tidemark.api.v1.Answer.newBuilder();
  }

  private static GetRequest.Builder get(String key) {
    return GetRequest.newBuilder().setKey(Rig.bytes(key));
  }

  private static KeyValuePair pair(String key, String value) {
    return KeyValuePair.newBuilder()
        .setKey(Rig.bytes(key))
        .setValue(Rig.bytes(value))
        .setCreateRevision(3)
        .setModifyRevision(5)
        .setVersion(2)
        .build();
  }

  private static HealthCheckRequest service(String name) {
    return HealthCheckRequest.newBuilder().setService(name).build();
  }

  private static StreamObserver<HealthCheckResponse> collect(List<ServingStatus> into) {
    return new StreamObserver<>() {
      @Override
      public void onNext(HealthCheckResponse response) {
        into.add(response.getStatus());
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onCompleted() {}
    };
  }
}
