package io.tidemark.client;

import static io.tidemark.client.Clients.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.v1.Reason;
import io.tidemark.client.FakeNode.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionTest {
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
  void readsOpenNoSessionAndAllWritesShareOne() {
    client.get(key("k"));
    assertThat(cluster.sessionsOpened()).isZero();
    var writes = new ArrayList<CompletableFuture<PutResult>>();
    for (int i = 0; i < 50; i++) {
      writes.add(client.async().put(key("k" + i), key("v")));
    }
    writes.forEach(CompletableFuture::join);
    client.delete(key("k1"));
    assertThat(cluster.sessionsOpened()).isEqualTo(1);
  }

  @Test
  void openingASessionIsRepeatedUntilItWorks() {
    first.nextOpen(Fault.loseReply());
    second.nextOpen(Fault.applyThen(Reason.REASON_OUTCOME_UNKNOWN));
    client.put(key("k"), key("v"));
    assertThat(cluster.writesOf("k")).isEqualTo(1);
  }

  @Test
  void aWriteThatFindsItsSessionForgottenGoesOnInANewOne() {
    client.put(key("a"), key("v"));
    cluster.forgetSessions();
    client.put(key("k"), key("v"));
    assertThat(cluster.writesOf("k")).isEqualTo(1);
    assertThat(cluster.sessionsOpened()).isEqualTo(2);
  }

  @Test
  void aWriteThatMayHaveHappenedInAForgottenSessionIsOfUnknownOutcome() {
    client.put(key("a"), key("v"));
    first.next(Fault.applyThen(Reason.REASON_OUTCOME_UNKNOWN));
    second.next(Fault.refuse(Reason.REASON_SESSION_UNKNOWN));
    assertThatThrownBy(() -> client.put(key("k"), key("v")))
        .isInstanceOf(OutcomeUnknownException.class);
    assertThat(cluster.writesOf("k")).isEqualTo(1);
    client.put(key("b"), key("v"));
    assertThat(cluster.sessionsOpened()).as("the next write has a new session").isEqualTo(2);
  }

  @Test
  void noWriteIsSentMoreThanTheWindowAheadOfOneThatIsUnanswered() {
    cluster.window(8);
    client.put(key("a"), key("v"));
    first.next(Fault.loseReply());
    var writes = new ArrayList<CompletableFuture<PutResult>>();
    for (int i = 0; i < 200; i++) {
      writes.add(client.async().put(key("k" + i), key("v")));
    }
    CompletableFuture.allOf(writes.toArray(CompletableFuture<?>[]::new)).join();
    assertThat(cluster.sawTooFarAhead()).isFalse();
    for (int i = 0; i < 200; i++) {
      assertThat(cluster.writesOf("k" + i)).isEqualTo(1);
    }
  }

  @Test
  void underFaultsOfEveryKindEachWriteIsDoneOnceAndEachAnswerIsItsOwn() throws Exception {
    cluster.window(16);
    var random = new Random(42);
    for (int i = 0; i < 120; i++) {
      FakeNode node = random.nextBoolean() ? first : second;
      node.next(
          switch (random.nextInt(6)) {
            case 0 -> Fault.applyThen(Reason.REASON_OUTCOME_UNKNOWN);
            case 1 -> Fault.refuse(Reason.REASON_OUTCOME_UNKNOWN);
            case 2 -> Fault.refuse(Reason.REASON_LOG_UNAVAILABLE);
            case 3 -> Fault.refuse(Reason.REASON_OVERLOADED);
            case 4 -> Fault.status(true, io.grpc.Status.UNAVAILABLE);
            default -> Fault.status(false, io.grpc.Status.UNKNOWN);
          });
    }
    first.next(Fault.loseReply());
    try (var patient =
        Clients.impatient(cluster.endpoints()).deadline(Duration.ofSeconds(20)).build()) {
      var threads = new ArrayList<CompletableFuture<HashSet<Long>>>();
      for (int t = 0; t < 4; t++) {
        String name = "t" + t + "-";
        threads.add(
            CompletableFuture.supplyAsync(
                () -> {
                  var revisions = new HashSet<Long>();
                  for (int i = 0; i < 100; i++) {
                    revisions.add(patient.put(key(name + i), key("v" + i)).revision());
                  }
                  return revisions;
                },
                task -> new Thread(task).start()));
      }
      var all = new HashSet<Long>();
      for (var thread : threads) {
        all.addAll(thread.join());
      }
      assertThat(all).as("an answer belongs to one write").hasSize(400);
      for (int t = 0; t < 4; t++) {
        for (int i = 0; i < 100; i++) {
          String name = "t" + t + "-" + i;
          assertThat(cluster.writesOf(name)).as(name).isEqualTo(1);
          var pair = patient.get(key(name)).pair().orElseThrow();
          assertThat(pair.value()).isEqualTo(key("v" + i));
          assertThat(all).contains(pair.modifyRevision());
        }
      }
      assertThat(cluster.sawTooFarAhead()).isFalse();
    }
  }

  @Test
  void writesInLineAreToldWhenNoSessionCanBeOpened() {
    first.logAway(true);
    second.logAway(true);
    try (var impatient =
        Clients.impatient(cluster.endpoints()).deadline(Duration.ofMillis(300)).build()) {
      var one = impatient.async().put(key("k"), key("v"));
      var two = impatient.async().put(key("l"), key("v"));
      assertThatThrownBy(one::join).hasCauseInstanceOf(UnavailableException.class);
      assertThatThrownBy(two::join).hasCauseInstanceOf(UnavailableException.class);
      first.logAway(false);
      second.logAway(false);
      impatient.put(key("k"), key("v"));
      assertThat(cluster.writesOf("k")).isEqualTo(1);
      assertThat(cluster.writesOf("l")).isZero();
    }
  }
}
