package io.tidemark.replica;

import static io.tidemark.replica.ReadConsistency.LINEARIZABLE;
import static io.tidemark.replica.TestParts.eventually;
import static io.tidemark.replica.TestParts.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import io.tidemark.log.memory.MemoryLog;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Condition;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.Operation;
import io.tidemark.statemachine.RequestId;
import io.tidemark.statemachine.Result;
import io.tidemark.statemachine.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several replicas on one log, with the machine's time and threads.
class ManyReplicasTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @TempDir Path directory;

  private final MemoryLog log = new MemoryLog(new UUID(1, 1));
  private final List<Replica> replicas = new ArrayList<>();

  @AfterEach
  void close() {
    replicas.forEach(Replica::close);
    log.close();
  }

  private Replica open(String name) {
    Replica replica =
        Replica.open(
            ReplicaConfig.of(directory.resolve(name), log)
                .withMemoryBytes(8 << 20)
                .withTimeout(TIMEOUT));
    replicas.add(replica);
    return replica;
  }

  private static Bytes key(int number) {
    return Bytes.utf8("key" + number);
  }

  private static Bytes number(long value) {
    return Bytes.utf8(Long.toString(value));
  }

  private static long number(ReadResult<Optional<KeyValue>> read) {
    return read.value().map(found -> Long.parseLong(found.value().utf8())).orElse(0L);
  }

  @Test
  void aWriteThroughAnyReplicaIsSeenByAStrongReadOnEveryOther() {
    for (int i = 0; i < 3; i++) {
      open("r" + i);
    }
    for (int i = 1; i <= 1_000; i++) {
      soon(replicas.get(i % 3).put(key(0), number(i)));
      assertThat(number(soon(replicas.get((i + 1) % 3).get(key(0), LINEARIZABLE)))).isEqualTo(i);
    }
  }

  /// Clients add to counters by compare-and-put through any replica and read through any. The value
  /// of a key only grows, one by one, so every strong read must see at least what was acknowledged,
  /// or seen, before it began.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void readsNeverGoBackAndSeeWhatWasAcknowledged(long seed) {
    for (int i = 0; i < 3; i++) {
      open("r" + i);
    }
    int keys = 4;
    var leastVisible = new AtomicLongArray(keys);
    var added = new AtomicLongArray(keys);
    var strongReads = new AtomicLong();
    var clients = new ArrayList<CompletableFuture<Void>>();
    for (int client = 0; client < 6; client++) {
      var random = new Random(seed * 100 + client);
      clients.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 400; i++) {
                  int key = random.nextInt(keys);
                  Replica replica = replicas.get(random.nextInt(3));
                  if (random.nextInt(3) > 0) {
                    read(replica, key, leastVisible);
                    strongReads.incrementAndGet();
                  } else if (add(replica, key, leastVisible)) {
                    added.incrementAndGet(key);
                  }
                }
              },
              task -> Thread.ofPlatform().daemon().start(task)));
    }
    clients.forEach(TestParts::soon);

    assertThat(strongReads.get()).isGreaterThan(1_000);
    for (int key = 0; key < keys; key++) {
      assertThat(added.get(key)).as("adds that succeeded").isPositive();
      for (Replica replica : replicas) {
        assertThat(number(soon(replica.get(key(key), LINEARIZABLE)))).isEqualTo(added.get(key));
      }
    }
  }

  private static void read(Replica replica, int key, AtomicLongArray leastVisible) {
    long before = leastVisible.get(key);
    long seen = number(soon(replica.get(key(key), LINEARIZABLE)));
    assertThat(seen).as("what a strong read of %s saw", key(key)).isGreaterThanOrEqualTo(before);
    leastVisible.accumulateAndGet(key, seen, Math::max);
  }

  private static boolean add(Replica replica, int key, AtomicLongArray leastVisible) {
    long current = number(soon(replica.get(key(key), ReadConsistency.LOCAL)));
    var unchanged =
        current == 0
            ? new Condition(key(key), new Condition.Missing())
            : new Condition(
                key(key), new Condition.ValueIs(Condition.Comparison.EQUAL, number(current)));
    var transaction =
        new Command.Transaction(
            List.of(unchanged),
            List.of(new Operation.Put(key(key), number(current + 1))),
            List.of());
    boolean succeeded = ((Result.Decided) soon(replica.transact(transaction))).succeeded();
    if (succeeded) {
      leastVisible.accumulateAndGet(key, current + 1, Math::max);
    }
    return succeeded;
  }

  @Test
  void aWriteIsReadBackAtItsRevisionOnAnyReplica() {
    Replica writer = open("writer");
    Replica reader = open("reader");
    for (int i = 1; i <= 300; i++) {
      long revision = ((Result.Written) soon(writer.put(key(1), number(i)))).revision();
      var read = soon(reader.get(key(1), new ReadConsistency.AtLeast(revision)));
      assertThat(number(read)).isEqualTo(i);
      assertThat(read.revision()).isGreaterThanOrEqualTo(revision);
    }
  }

  @Test
  void aRequestSentAgainThroughAnotherReplicaTakesEffectOnce() {
    Replica first = open("first");
    Replica second = open("second");
    var opened = soon(first.write(new Command.OpenSession(), Optional.empty(), TIMEOUT));
    long session = ((Result.SessionOpened) opened).session();
    var request = Optional.of(new RequestId(session, 1));
    var put = new Command.Put(key(1), Bytes.utf8("once"));

    Result answer = soon(first.write(put, request, TIMEOUT));
    Result again = soon(second.write(put, request, TIMEOUT));

    assertThat(again).isEqualTo(answer);
    var found = soon(first.get(key(1), LINEARIZABLE)).value().orElseThrow();
    assertThat(found.version()).isEqualTo(1);
    assertThat(log.checkTail().join().position()).as("both were appended").isEqualTo(4);
  }

  @Test
  void aViewThatWasDeletedIsRebuiltFromTheLogAndEqual() throws IOException {
    Replica replica = open("view");
    var random = new Random(7);
    var writes = new ArrayList<CompletableFuture<Result>>();
    for (int i = 0; i < 2_000; i++) {
      Bytes key = key(random.nextInt(200));
      writes.add(
          random.nextInt(5) == 0
              ? replica.delete(key)
              : replica.put(key, number(random.nextInt())));
    }
    writes.forEach(TestParts::soon);
    List<KeyValue> before = everything(replica);
    assertThat(before).hasSizeGreaterThan(100);

    replica.close();
    deleteAll(directory.resolve("view"));
    Replica rebuilt = open("view");

    assertThat(everything(rebuilt)).isEqualTo(before);
  }

  private static List<KeyValue> everything(Replica replica) {
    var page =
        soon(replica.scan(KeyRange.ALL, Snapshot.Direction.FORWARD, 1_000, LINEARIZABLE)).value();
    assertThat(page.more()).isFalse();
    return page.keyValues();
  }

  private static void deleteAll(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void scansArePagesOfOneRevision() {
    Replica replica = open("r");
    for (int i = 0; i < 5; i++) {
      soon(replica.put(key(i), number(i)));
    }
    var first = soon(replica.scan(KeyRange.ALL, Snapshot.Direction.FORWARD, 3, LINEARIZABLE));
    assertThat(first.value().keyValues())
        .extracting(KeyValue::key)
        .containsExactly(key(0), key(1), key(2));
    assertThat(first.value().more()).isTrue();
    assertThat(first.revision()).isEqualTo(5);
    var last =
        soon(replica.scan(KeyRange.prefix(key(4)), Snapshot.Direction.REVERSE, 3, LINEARIZABLE));
    assertThat(last.value().keyValues()).extracting(KeyValue::key).containsExactly(key(4));
    assertThat(last.value().more()).isFalse();
  }

  @Test
  void manyWritersAreAllAnsweredWithTheRevisionsOfTheirOwnWrites() {
    Replica replica = open("r");
    var answers = new ArrayList<CompletableFuture<Result>>();
    for (int i = 0; i < 5_000; i++) {
      answers.add(replica.put(key(i), number(i)));
    }
    for (int i = 0; i < 5_000; i++) {
      assertThat(soon(answers.get(i))).isEqualTo(new Result.Written(i + 1));
    }
    eventually(() -> replica.status().writesWaiting() == 0);
    assertThat(replica.status().writeBytesWaiting()).isZero();
  }
}
