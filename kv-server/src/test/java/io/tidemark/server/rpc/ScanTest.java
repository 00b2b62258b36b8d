package io.tidemark.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.tidemark.api.v1.Interval;
import io.tidemark.api.v1.KeyRange;
import io.tidemark.api.v1.KeyValueGrpc;
import io.tidemark.api.v1.KeyValuePair;
import io.tidemark.api.v1.ScanRequest;
import io.tidemark.api.v1.ScanResponse;
import io.tidemark.base.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ScanTest {
  private static final int VALUE_BYTES = 1_000;

  private Rig rig = new Rig();

  static ScanRequest all() {
    return ScanRequest.newBuilder()
        .setRange(KeyRange.newBuilder().setPrefix(Rig.bytes("")))
        .build();
  }

  @AfterEach
  void closeAndCheckThatNothingIsHeld() {
    rig.close();
    assertThat(rig.replica.snapshotsOpen).hasValue(0);
  }

  @Test
  void keysComeInOrderAndBackwardsAndWithoutValuesWhereAsked() {
    fill(3);

    assertThat(keys(all())).containsExactly("key-000000", "key-000001", "key-000002");
    assertThat(keys(all().toBuilder().setReverse(true).build()))
        .containsExactly("key-000002", "key-000001", "key-000000");
    List<KeyValuePair> bare = pairs(all().toBuilder().setKeysOnly(true).build());
    assertThat(bare).hasSize(3).allMatch(pair -> pair.getValue().isEmpty());
    assertThat(bare.getFirst())
        .isEqualTo(
            KeyValuePair.newBuilder()
                .setKey(Rig.bytes("key-000000"))
                .setCreateRevision(3)
                .setModifyRevision(5)
                .setVersion(2)
                .build());
  }

  @Test
  void aRangeIsAKeyAPrefixOrAnInterval() {
    fill(30);

    assertThat(keys(in(KeyRange.newBuilder().setKey(Rig.bytes("key-000007")))))
        .containsExactly("key-000007");
    assertThat(keys(in(KeyRange.newBuilder().setPrefix(Rig.bytes("key-00002"))))).hasSize(10);
    assertThat(
            keys(
                in(
                    KeyRange.newBuilder()
                        .setInterval(
                            Interval.newBuilder()
                                .setFrom(Rig.bytes("key-000027"))
                                .setTo(Rig.bytes("key-000029"))))))
        .containsExactly("key-000027", "key-000028");
    assertThat(
            keys(
                in(
                    KeyRange.newBuilder()
                        .setInterval(Interval.newBuilder().setFrom(Rig.bytes("key-000028"))))))
        .containsExactly("key-000028", "key-000029");
  }

  @Test
  void anEmptyRangeIsAnsweredByOnePartThatTellsTheRevision() {
    List<ScanResponse> parts = parts(all());

    assertThat(parts).containsExactly(ScanResponse.newBuilder().setRevision(11).build());
  }

  @Test
  void theLastPartTellsWhetherTheLimitLeftKeysBehind() {
    fill(5);

    assertThat(parts(all().toBuilder().setLimit(4).build()).getLast())
        .satisfies(last -> {
          assertThat(last.getMore()).isTrue();
          assertThat(last.getPairsCount()).isEqualTo(4);
        });
    assertThat(parts(all().toBuilder().setLimit(5).build()).getLast().getMore()).isFalse();
    assertThat(parts(all()).getLast().getMore()).isFalse();
  }

  @Test
  void aLargeScanComesInBoundedPartsOfOneRevision() {
    fill(5_000);

    List<ScanResponse> parts = parts(all());

    assertThat(parts.stream().mapToInt(ScanResponse::getPairsCount).sum()).isEqualTo(5_000);
    assertThat(parts).hasSizeGreaterThan(15).allMatch(part -> part.getRevision() == 11);
    assertThat(parts).allMatch(part -> part.getSerializedSize() < 300_000);
    assertThat(rig.replica.snapshotsOpened).hasValue(1);
  }

  @Test
  void aClientThatDoesNotReadHoldsNoThreadAndLittleMemory() {
    rig.close();
    rig = new Rig(withScans(64, Duration.ofSeconds(30)));
    fill(20_000);
    var slow = new ArrayList<SlowClient>();
    for (int i = 0; i < 16; i++) {
      slow.add(new SlowClient(all()));
    }
    Rig.await("every slow scan has begun", () -> rig.replica.snapshotsOpen.get() == 16);

    assertThat(pairs(all())).as("another scan goes on meanwhile").hasSize(20_000);
    // Each slow one has at most the flow control window and a part in flight, of 20 MB.
    assertThat(rig.replica.cursorSteps.get() - 20_000).isLessThan(16 * 2_000);

    slow.forEach(client -> client.stream.cancel("enough", null));
    Rig.await("cancelling lets go of every snapshot", () -> rig.replica.snapshotsOpen.get() == 0);
  }

  @Test
  void aSlowClientGetsEverythingInTheEnd() throws Exception {
    fill(3_000);
    var slow = new SlowClient(all());

    int pairs = 0;
    while (!slow.ended.isDone()) {
      int seen = slow.parts.size();
      slow.stream.request(1);
      Rig.await("a part or the end arrives", () -> slow.parts.size() > seen || slow.ended.isDone());
    }
    for (ScanResponse part : slow.parts) {
      pairs += part.getPairsCount();
    }
    slow.ended.get(10, TimeUnit.SECONDS);
    assertThat(pairs).isEqualTo(3_000);
  }

  @Test
  void aScanThatIsCancelledBeforeItsSnapshotIsThereLetsGoOfIt() {
    var gate = new CompletableFuture<Void>();
    rig.replica.snapshotGate = gate;
    var client = new SlowClient(all());
    Rig.await("the snapshot is asked for", () -> !rig.replica.consistencies.isEmpty());

    client.stream.cancel("changed my mind", null);
    Rig.await("the scan is given back", () -> openScans() == 0);
    gate.complete(null);

    Rig.await(
        "the late snapshot is closed",
        () -> rig.replica.snapshotsOpened.get() == 1 && rig.replica.snapshotsOpen.get() == 0);
  }

  @Test
  void moreScansThanTheBoundAreOverloadedUntilOneEnds() {
    fill(20_000);
    var first = new SlowClient(all());
    var second = new SlowClient(all());
    Rig.await("both are open", () -> rig.replica.snapshotsOpen.get() == 2);

    var error = ErrorsTest.error(() -> rig.client().scan(all()).next());

    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(Rig.info(error).getReason()).isEqualTo("OVERLOADED");
    first.stream.cancel("enough", null);
    Rig.await("one has ended", () -> openScans() == 1);
    assertThat(keys(all().toBuilder().setLimit(1).build())).hasSize(1);
    second.stream.cancel("enough", null);
    Rig.await("all have ended", () -> openScans() == 0);
  }

  @Test
  void aScanThatTakesTooLongIsTimedOut() {
    rig.close();
    rig = new Rig(withScans(2, Duration.ofMillis(100)));
    fill(20_000);
    var slow = new SlowClient(all());
    Rig.await(
        "it has ended at the server",
        () -> rig.replica.snapshotsOpened.get() == 1 && rig.replica.snapshotsOpen.get() == 0);
    slow.stream.request(Integer.MAX_VALUE);

    Rig.await("the client is told", slow.ended::isCompletedExceptionally);
    Status status = Status.fromThrowable(slow.ended.exceptionNow());
    assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(status.getDescription()).contains("longer than 100 ms");
  }

  @Test
  void aClientThatGoesAwayWithItsConnectionLeavesNothingBehind() {
    fill(20_000);
    var channel = rig.channel();
    var call = Context.current().withCancellation();
    call.run(() -> KeyValueGrpc.newBlockingStub(channel).scan(all()).next());
    Rig.await("it is open", () -> rig.replica.snapshotsOpen.get() == 1);

    channel.shutdownNow();

    Rig.await("it is let go of", () -> rig.replica.snapshotsOpen.get() == 0);
    call.cancel(null);
  }

  private void fill(int count) {
    for (int i = 0; i < count; i++) {
      rig.replica.holds("key-%06d".formatted(i), Bytes.wrap(new byte[VALUE_BYTES]));
    }
  }

  private static RpcBounds withScans(int scansMax, Duration durationMax) {
    return new RpcBounds(
        Duration.ofSeconds(5), 100, 4 << 20, scansMax, durationMax, Duration.ofSeconds(1));
  }

  private int openScans() {
    var gauge = rig.metrics.getGauges().get("scans.open");
    return gauge != null && gauge.getValue() instanceof Integer open ? open : -1;
  }

  private static ScanRequest in(KeyRange.Builder range) {
    return ScanRequest.newBuilder().setRange(range).build();
  }

  private List<ScanResponse> parts(ScanRequest request) {
    var parts = new ArrayList<ScanResponse>();
    rig.client().scan(request).forEachRemaining(parts::add);
    return parts;
  }

  private List<KeyValuePair> pairs(ScanRequest request) {
    return parts(request).stream().flatMap(part -> part.getPairsList().stream()).toList();
  }

  private List<String> keys(ScanRequest request) {
    return pairs(request).stream().map(pair -> pair.getKey().toStringUtf8()).toList();
  }

  /// A client that takes a part only when it is told to.
  private final class SlowClient implements ClientResponseObserver<ScanRequest, ScanResponse> {
    final List<ScanResponse> parts = new CopyOnWriteArrayList<>();
    final CompletableFuture<Void> ended = new CompletableFuture<>();
    private @Nullable ClientCallStreamObserver<ScanRequest> requests;
    final ClientCallStreamObserver<ScanRequest> stream;

    SlowClient(ScanRequest request) {
      KeyValueGrpc.newStub(slowChannel()).scan(request, this);
      stream = Objects.requireNonNull(requests);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ScanRequest> started) {
      requests = started;
      started.disableAutoRequestWithInitial(0);
    }

    @Override
    public void onNext(ScanResponse part) {
      parts.add(part);
    }

    @Override
    public void onError(Throwable failure) {
      ended.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      ended.complete(null);
    }
  }

  private io.grpc.@Nullable ManagedChannel slow;

  // The slow share a connection of their own: its window is what they can fill.
  private io.grpc.ManagedChannel slowChannel() {
    if (slow == null || slow.isShutdown()) {
      slow = rig.channel();
    }
    return slow;
  }
}
