package io.tidemark.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tidemark.api.v1.BatchGetRequest;
import io.tidemark.api.v1.DeleteRequest;
import io.tidemark.api.v1.GetRequest;
import io.tidemark.api.v1.PutRequest;
import io.tidemark.api.v1.Reason;
import io.tidemark.api.v1.ScanRequest;
import io.tidemark.api.v1.TransactRequest;
import io.tidemark.replica.ReplicaException;
import io.tidemark.statemachine.Result;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Every error of the contract, as a client sees it.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ErrorsTest {
  /// What went wrong, and what the contract says of it.
  record Case(RuntimeException failure, String reason, Status.Code code, String retry) {}

  /// What nobody foresaw; without a trace, to keep the output of the tests short.
  private static final class Bug extends RuntimeException {
    private static final long serialVersionUID = 1;

    Bug() {
      super("a bug", null, false, false);
    }
  }

  static final List<Case> REPLICA_FAILURES =
      List.of(
          new Case(
              new ReplicaException.InvalidRequest("the key is odd"),
              "INVALID_REQUEST",
              Status.Code.INVALID_ARGUMENT,
              "never"),
          new Case(
              new ReplicaException.TooLarge("too large", null),
              "TOO_LARGE",
              Status.Code.INVALID_ARGUMENT,
              "never"),
          new Case(
              new ReplicaException.LogUnavailable("no log", null),
              "LOG_UNAVAILABLE",
              Status.Code.UNAVAILABLE,
              "safe"),
          new Case(
              new ReplicaException.Overloaded("too much", null),
              "OVERLOADED",
              Status.Code.RESOURCE_EXHAUSTED,
              "safe"),
          new Case(
              new ReplicaException.OutcomeUnknown("who knows", null),
              "OUTCOME_UNKNOWN",
              Status.Code.UNKNOWN,
              "with_request_id"),
          new Case(
              new ReplicaException.TimedOut("too late"),
              "TIMED_OUT",
              Status.Code.DEADLINE_EXCEEDED,
              "safe"),
          new Case(
              new ReplicaException.LogEnded("sealed", null),
              "LOG_ENDED",
              Status.Code.FAILED_PRECONDITION,
              "never"),
          new Case(new ReplicaException.Closed(), "CLOSED", Status.Code.UNAVAILABLE, "safe"),
          new Case(
              new ReplicaException.Stopped("diverged"), "STOPPED", Status.Code.INTERNAL, "never"),
          new Case(new Bug(), "STOPPED", Status.Code.INTERNAL, "never"));

  private Rig rig = new Rig();

  @BeforeAll
  void open() {
    rig = new Rig();
  }

  @AfterAll
  void close() {
    rig.close();
  }

  @ParameterizedTest
  @FieldSource("REPLICA_FAILURES")
  void aFailureOfTheReplicaIsToldByEveryMethodWithReasonCodeAndRetry(Case expected) {
    rig.replica.failure = expected.failure;
    var client = rig.client();
    Stream<Runnable> calls =
        Stream.of(
            () -> client.get(GetRequest.newBuilder().setKey(Rig.bytes("k")).build()),
            () -> client.batchGet(BatchGetRequest.newBuilder().addKeys(Rig.bytes("k")).build()),
            () -> client.put(PutRequest.newBuilder().setKey(Rig.bytes("k")).build()),
            () -> client.transact(TransactRequest.getDefaultInstance()),
            () -> client.scan(ScanTest.all()).next());

    calls.forEach(call -> {
      StatusRuntimeException error = error(call);
      assertThat(error.getStatus().getCode()).isEqualTo(expected.code);
      assertThat(error.getStatus().getDescription())
          .contains(String.valueOf(expected.failure.getMessage()));
      var info = Rig.info(error);
      assertThat(info.getDomain()).isEqualTo("tidemark.io");
      assertThat(info.getReason()).isEqualTo(expected.reason);
      assertThat(info.getMetadataMap())
          .containsEntry("retry", expected.retry)
          .containsEntry("detail", error.getStatus().getDescription());
    });
    rig.replica.failure = null;
  }

  @Test
  void everyReasonOfTheContractIsTested() {
    Set<String> tested = new HashSet<>(Set.of("SESSION_UNKNOWN", "ANSWER_FORGOTTEN"));
    REPLICA_FAILURES.forEach(failure -> tested.add(failure.reason));

    assertThat(
            Stream.of(Reason.values())
                .filter(reason -> reason != Reason.REASON_UNSPECIFIED)
                .filter(reason -> reason != Reason.UNRECOGNIZED)
                .map(reason -> reason.name().substring("REASON_".length())))
        .containsExactlyInAnyOrderElementsOf(tested);
  }

  @Test
  void anUnknownSessionAndAForgottenAnswerAreFailedPreconditions() {
    assertThat(writeError(new Result.SessionUnknown(9)))
        .satisfies(error -> is(error, Status.Code.FAILED_PRECONDITION, "SESSION_UNKNOWN"))
        .hasMessageContaining("session 9");
    assertThat(writeError(new Result.AnswerForgotten(4)))
        .satisfies(error -> is(error, Status.Code.FAILED_PRECONDITION, "ANSWER_FORGOTTEN"))
        .hasMessageContaining("sequence 4");
  }

  @Test
  void aTransactionThatReadsTooMuchIsTooLarge() {
    assertThat(writeError(new Result.AnswerTooLarge(99)))
        .satisfies(error -> is(error, Status.Code.INVALID_ARGUMENT, "TOO_LARGE"))
        .hasMessageContaining("99 bytes");
  }

  @Test
  void theAnswerToAnotherKindOfRequestWithTheSameIdIsNoAnswer() {
    assertThat(writeError(new Result.Deleted(8, 1)))
        .satisfies(error -> is(error, Status.Code.INVALID_ARGUMENT, "INVALID_REQUEST"))
        .hasMessageContaining("request_id was used before");
    rig.replica.result = CompletableFuture.completedFuture(new Result.Written(1));
    var client = rig.client();
    assertThat(
            error(() -> client.delete(DeleteRequest.newBuilder().setKey(Rig.bytes("k")).build())))
        .hasMessageContaining("request_id was used before");
  }

  private StatusRuntimeException writeError(Result result) {
    rig.replica.result = CompletableFuture.completedFuture(result);
    var client = rig.client();
    return error(() -> client.put(PutRequest.newBuilder().setKey(Rig.bytes("k")).build()));
  }

  private static void is(StatusRuntimeException error, Status.Code code, String reason) {
    assertThat(error.getStatus().getCode()).isEqualTo(code);
    assertThat(Rig.info(error).getReason()).isEqualTo(reason);
    assertThat(Rig.info(error).getMetadataMap()).containsEntry("retry", "never");
  }

  static StatusRuntimeException error(Runnable call) {
    var error = catchThrowableOfType(StatusRuntimeException.class, call::run);
    if (error == null) {
      throw new AssertionError("no error");
    }
    return error;
  }

  @Test
  void aScanRequestWithoutARangeIsRefusedBeforeAnythingIsOpened() {
    int before = rig.replica.snapshotsOpened.get();
    var client = rig.client();

    assertThat(error(() -> client.scan(ScanRequest.getDefaultInstance()).next()))
        .satisfies(error -> is(error, Status.Code.INVALID_ARGUMENT, "INVALID_REQUEST"));
    assertThat(rig.replica.snapshotsOpened).hasValue(before);
  }
}
