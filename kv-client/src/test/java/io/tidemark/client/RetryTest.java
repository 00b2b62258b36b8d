package io.tidemark.client;

import static io.tidemark.client.Clients.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.tidemark.api.v1.Reason;
import io.tidemark.client.FakeNode.Fault;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetryTest {
  private final FakeCluster cluster = new FakeCluster(2);
  private final FakeNode first = cluster.node(0);
  private final FakeNode second = cluster.node(1);
  private final TidemarkClient client = Clients.of(cluster);

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  @Test
  void aWriteWhoseReplyWasLostIsDoneOnceAlthoughAnotherServerIsAsked() {
    first.next(Fault.loseReply());
    long revision = client.put(key("k"), key("v")).revision();
    assertThat(first.callsOf("Put")).isEqualTo(1);
    assertThat(second.callsOf("Put")).isEqualTo(1);
    assertThat(cluster.writesOf("k")).isEqualTo(1);
    assertThat(client.get(key("k")).pair().orElseThrow().modifyRevision()).isEqualTo(revision);
  }

  @Test
  void aWriteOfUnknownOutcomeIsDoneOnce() {
    first.next(Fault.applyThen(Reason.REASON_OUTCOME_UNKNOWN));
    second.next(Fault.refuse(Reason.REASON_OUTCOME_UNKNOWN));
    client.put(key("k"), key("v"));
    assertThat(cluster.writesOf("k")).isEqualTo(1);
  }

  @Test
  void aWriteCutOffAfterItWasSentIsDoneOnce() {
    first.next(Fault.status(true, Status.UNAVAILABLE));
    client.put(key("k"), key("v"));
    assertThat(cluster.writesOf("k")).isEqualTo(1);
    assertThat(client.transact(Transaction.when(Condition.exists(key("k")))).succeeded()).isTrue();
  }

  @Test
  void aServerThatCannotBeReachedIsLeft() {
    first.stop();
    client.put(key("k"), key("v"));
    assertThat(client.get(key("k")).pair()).isPresent();
    assertThat(second.callsOf("Get")).isEqualTo(1);
  }

  @Test
  void aHungServerIsLeftWithinTheAttemptsTime() {
    client.put(key("k"), key("v"));
    first.next(Fault.hang());
    assertThat(client.get(key("k")).pair()).isPresent();
    assertThat(second.callsOf("Get")).isEqualTo(1);
    assertThat(client.get(key("k")).pair()).isPresent();
    assertThat(second.callsOf("Get")).as("and the one that works is kept").isEqualTo(2);
  }

  @Test
  void aServerCutOffFromItsLogIsLeft() {
    first.logAway(true);
    client.put(key("k"), key("v"));
    assertThat(client.get(key("k")).pair()).isPresent();
    assertThat(second.callsOf("Put")).isEqualTo(1);
  }

  @Test
  void theClientComesBackToAServerThatCameBack() {
    first.stop();
    client.put(key("k"), key("v"));
    first.start();
    second.stop();
    assertThat(client.get(key("k")).pair()).isPresent();
    second.start();
    first.stop();
    assertThat(client.get(key("k")).pair()).isPresent();
  }

  @Test
  void aFullServerIsAskedAgain() {
    first.next(Fault.refuse(Reason.REASON_OVERLOADED), Fault.refuse(Reason.REASON_OVERLOADED));
    client.put(key("k"), key("v"));
    assertThat(first.callsOf("Put")).isEqualTo(3);
    assertThat(second.callsOf("Put")).isZero();
  }

  @Test
  void nothingToConnectToIsADefiniteFailure() {
    first.stop();
    second.stop();
    try (var impatient = within(Duration.ofMillis(300))) {
      var failure =
          catchThrowableOfType(TidemarkException.class, () -> impatient.put(key("k"), key("v")));
      assertThat(failure).isInstanceOf(UnavailableException.class);
      assertThat(failure.mayHaveHappened()).isFalse();
      assertThatThrownBy(() -> impatient.get(key("k"))).isInstanceOf(UnavailableException.class);
    }
  }

  @Test
  void serversThatWereReachedOnlyBeforeTheWriteGiveADefiniteFailure() {
    client.put(key("a"), key("v"));
    first.stop();
    second.stop();
    try (var impatient = within(Duration.ofMillis(300))) {
      assertThatThrownBy(() -> impatient.put(key("k"), key("v")))
          .isInstanceOf(UnavailableException.class);
    }
  }

  @Test
  void aWriteThatTimedOutEverywhereMayHaveHappened() {
    try (var impatient = within(Duration.ofMillis(600))) {
      impatient.put(key("a"), key("v"));
      for (int i = 0; i < 20; i++) {
        first.next(Fault.hang());
        second.next(Fault.hang());
      }
      var failure =
          catchThrowableOfType(TidemarkException.class, () -> impatient.put(key("k"), key("v")));
      assertThat(failure).isInstanceOf(OutcomeUnknownException.class);
      assertThat(failure.mayHaveHappened()).isTrue();
    }
  }

  @Test
  void aReadThatTimedOutEverywhereSaysSo() {
    for (int i = 0; i < 20; i++) {
      first.next(Fault.hang());
      second.next(Fault.hang());
    }
    try (var impatient = within(Duration.ofMillis(600))) {
      long began = System.nanoTime();
      assertThatThrownBy(() -> impatient.get(key("k"))).isInstanceOf(TimedOutException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {
        "REASON_LOG_UNAVAILABLE",
        "REASON_OVERLOADED",
        "REASON_INVALID_REQUEST",
        "REASON_LOG_ENDED",
        "REASON_TOO_LARGE",
        "REASON_SESSION_UNKNOWN"
      })
  void aDefiniteFailureAfterAnAttemptThatMayHaveHappenedIsAnUnknownOutcome(Reason reason) {
    try (var impatient = within(Duration.ofMillis(1_200))) {
      impatient.put(key("a"), key("v"));
      first.next(Fault.applyThen(Reason.REASON_OUTCOME_UNKNOWN));
      for (int i = 0; i < 200; i++) {
        second.next(Fault.refuse(reason));
        first.next(Fault.refuse(reason));
      }
      var failure =
          catchThrowableOfType(TidemarkException.class, () -> impatient.put(key("k"), key("v")));
      assertThat(failure).isInstanceOf(OutcomeUnknownException.class);
      assertThat(cluster.writesOf("k")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {
        "REASON_LOG_UNAVAILABLE",
        "REASON_OVERLOADED",
        "REASON_INVALID_REQUEST",
        "REASON_LOG_ENDED",
        "REASON_CLOSED",
        "REASON_TOO_LARGE"
      })
  void definiteFailuresAloneAreADefiniteFailure(Reason reason) {
    try (var impatient = within(Duration.ofMillis(1_500))) {
      impatient.put(key("a"), key("v"));
      for (int i = 0; i < 200; i++) {
        first.next(Fault.refuse(reason));
        second.next(Fault.refuse(reason));
      }
      var failure =
          catchThrowableOfType(TidemarkException.class, () -> impatient.put(key("k"), key("v")));
      assertThat(failure.mayHaveHappened()).isFalse();
      assertThat(cluster.writesOf("k")).isZero();
    }
  }

  @Test
  void aStoppedReplicaIsLeftAndItsWriteMayHaveHappened() {
    client.put(key("a"), key("v"));
    first.next(Fault.applyThen(Reason.REASON_STOPPED));
    client.put(key("k"), key("v"));
    assertThat(cluster.writesOf("k")).isEqualTo(1);
    assertThat(second.callsOf("Put")).isEqualTo(1);
  }

  @Test
  void anAnswerThatWasForgottenIsAnUnknownOutcome() {
    client.put(key("a"), key("v"));
    first.next(Fault.refuse(Reason.REASON_ANSWER_FORGOTTEN));
    assertThatThrownBy(() -> client.put(key("k"), key("v")))
        .isInstanceOf(OutcomeUnknownException.class);
    assertThat(first.callsOf("Put")).isEqualTo(2);
  }

  @Test
  void aClosedClientSaysOfEachRequestWhatItKnows() {
    client.put(key("a"), key("v"));
    first.next(Fault.hang(), Fault.hang());
    var write = client.async().put(key("k"), key("v"));
    var read = client.async().get(key("k"));
    client.close();
    assertThat(write)
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableThat()
        .withCauseInstanceOf(OutcomeUnknownException.class);
    assertThat(read)
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableThat()
        .withCauseInstanceOf(CancelledException.class);
    assertThatThrownBy(() -> client.put(key("k"), key("v"))).isInstanceOf(CancelledException.class);
  }

  @Test
  void anInterruptedThreadIsToldThatItsWriteMayHaveHappened() {
    client.put(key("a"), key("v"));
    first.next(Fault.hang(), Fault.hang());
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> client.put(key("k"), key("v")))
        .isInstanceOf(OutcomeUnknownException.class);
    assertThat(Thread.interrupted()).isTrue();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> client.get(key("k"))).isInstanceOf(CancelledException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void moreThanTheBoundIsRefusedAtOnce() {
    try (var narrow = Clients.impatient(cluster.endpoints()).underWayMax(2, 1_000).build()) {
      first.next(Fault.hang(), Fault.hang());
      var one = narrow.async().get(key("k"));
      var two = narrow.async().get(key("k"));
      var three = narrow.async().get(key("k"));
      assertThat(three).isCompletedExceptionally();
      assertThatThrownBy(three::join).hasCauseInstanceOf(OverloadedException.class);
      assertThat(one).succeedsWithin(Duration.ofSeconds(6));
      assertThat(two).succeedsWithin(Duration.ofSeconds(6));
      assertThat(narrow.get(key("k")).pair()).isEmpty();
    }
  }

  private TidemarkClient within(Duration deadline) {
    return Clients.impatient(cluster.endpoints())
        .deadline(deadline)
        .attemptTimeout(deadline.dividedBy(3))
        .build();
  }
}
