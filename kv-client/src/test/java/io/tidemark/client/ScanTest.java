package io.tidemark.client;

import static io.tidemark.client.Clients.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.v1.Reason;
import io.tidemark.base.Bytes;
import io.tidemark.client.FakeNode.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScanTest {
  private final FakeCluster cluster = new FakeCluster(2);
  private final FakeNode first = cluster.node(0);
  private final FakeNode second = cluster.node(1);
  private final TidemarkClient client = Clients.of(cluster);

  @BeforeEach
  void fill() {
    for (int i = 0; i < 10; i++) {
      client.put(key("k" + i), key("v" + i));
    }
    client.put(key("z"), key("end"));
    first.scanPages(3, Integer.MAX_VALUE);
    second.scanPages(3, Integer.MAX_VALUE);
  }

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  @Test
  void aScanWalksOverItsRangeInOrder() {
    assertThat(keys(ScanRequest.of(KeyRange.prefix(key("k"))))).hasSize(10).isSorted();
    assertThat(keys(ScanRequest.of(KeyRange.all()))).hasSize(11).isSorted();
    assertThat(keys(ScanRequest.of(KeyRange.between(key("k2"), key("k4")))))
        .containsExactly("k2", "k3");
    assertThat(keys(ScanRequest.of(KeyRange.from(key("k9"))))).containsExactly("k9", "z");
    assertThat(keys(ScanRequest.of(KeyRange.key(key("k5"))).withReverse(true)))
        .containsExactly("k5");
    assertThat(keys(ScanRequest.of(KeyRange.prefix(key("none"))))).isEmpty();
  }

  @Test
  void aScanGoesBackwardsLeavesValuesOutAndStopsAtItsLimit() {
    var request = ScanRequest.of(KeyRange.all()).withReverse(true).withKeysOnly(true).withLimit(4);
    try (Scan scan = client.scan(request)) {
      var pairs = new ArrayList<KeyValue>();
      scan.forEachRemaining(pairs::add);
      assertThat(pairs)
          .extracting(pair -> pair.key().utf8())
          .containsExactly("z", "k9", "k8", "k7");
      assertThat(pairs).extracting(KeyValue::value).containsOnly(Bytes.EMPTY);
      assertThat(scan.more()).isTrue();
      assertThat(scan.revision()).isEqualTo(client.revisionSeen());
    }
  }

  @Test
  void aScanThatWasCutOffBeforeItsFirstPageBeginsAgain() {
    first.next(Fault.hang());
    second.next(Fault.refuse(Reason.REASON_LOG_UNAVAILABLE));
    assertThat(keys(ScanRequest.of(KeyRange.all()))).hasSize(11);
    first.stop();
    assertThat(keys(ScanRequest.of(KeyRange.all()))).hasSize(11);
  }

  @Test
  void aScanThatWasCutOffLaterSaysSoAndGivesWhatCameBefore() {
    first.scanPages(3, 2);
    second.scanPages(3, 2);
    var seen = new ArrayList<String>();
    try (Scan scan = client.scan(ScanRequest.of(KeyRange.all()))) {
      assertThatThrownBy(() -> scan.forEachRemaining(pair -> seen.add(pair.key().utf8())))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("cut off after 6 pairs");
    }
    assertThat(seen).containsExactly("k0", "k1", "k2", "k3", "k4", "k5");
  }

  @Test
  void whatIsWrongIsSaidAtOnce() {
    first.next(Fault.refuse(Reason.REASON_INVALID_REQUEST));
    assertThatThrownBy(() -> keys(ScanRequest.of(KeyRange.all())))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(first.callsOf("Scan") + second.callsOf("Scan")).isEqualTo(1);
  }

  @Test
  void aScanEndsByItsDeadlineWhenNobodyAnswers() {
    for (int i = 0; i < 20; i++) {
      first.next(Fault.hang());
      second.next(Fault.hang());
    }
    try (var impatient =
        Clients.impatient(cluster.endpoints())
            .deadline(Duration.ofMillis(900))
            .attemptTimeout(Duration.ofMillis(300))
            .build()) {
      assertThatThrownBy(
              () -> {
                try (Scan scan = impatient.scan(ScanRequest.of(KeyRange.all()))) {
                  scan.hasNext();
                }
              })
          .isInstanceOf(TimedOutException.class);
    }
  }

  @Test
  void aClosedScanOrClientEndsTheWalk() {
    Scan scan = client.scan(ScanRequest.of(KeyRange.all()));
    assertThat(scan.next().key()).isEqualTo(key("k0"));
    scan.close();
    assertThat(scan.hasNext()).isFalse();
    first.next(Fault.hang());
    Scan waiting = client.scan(ScanRequest.of(KeyRange.all()));
    client.close();
    assertThatThrownBy(waiting::hasNext).isInstanceOf(CancelledException.class);
  }

  @Test
  void aSubscriberGetsAsManyPagesAsItAskedFor() throws Exception {
    var subscriber = new Pages();
    client.async().scan(ScanRequest.of(KeyRange.all())).subscribe(subscriber);
    Flow.Subscription subscription = subscriber.subscription.join();
    assertThat(first.callsOf("Scan")).as("nothing is asked before there is demand").isZero();
    subscription.request(1);
    assertThat(subscriber.next().pairs()).hasSize(3);
    subscription.request(2);
    assertThat(subscriber.next().pairs()).hasSize(3);
    assertThat(subscriber.next().pairs()).hasSize(3);
    assertThat(subscriber.pages).isEmpty();
    assertThat(subscriber.end).isNotDone();
    subscription.request(5);
    assertThat(subscriber.next().pairs()).hasSize(2);
    assertThat(subscriber.end).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void aSubscriberThatAsksForNothingIsToldSo() {
    var subscriber = new Pages();
    client.async().scan(ScanRequest.of(KeyRange.all())).subscribe(subscriber);
    subscriber.subscription.join().request(0);
    assertThat(subscriber.end)
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableThat()
        .withCauseInstanceOf(IllegalArgumentException.class);
  }

  private List<String> keys(ScanRequest request) {
    try (Scan scan = client.scan(request)) {
      var keys = new ArrayList<String>();
      scan.forEachRemaining(pair -> keys.add(pair.key().utf8()));
      return keys;
    }
  }

  private static final class Pages implements Flow.Subscriber<ScanPage> {
    final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    final CompletableFuture<Boolean> end = new CompletableFuture<>();
    final BlockingQueue<ScanPage> pages = new LinkedBlockingQueue<>();

    ScanPage next() throws InterruptedException {
      ScanPage page = pages.poll(10, TimeUnit.SECONDS);
      assertThat(page).isNotNull();
      return page;
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
      subscription.complete(begun);
    }

    @Override
    public void onNext(ScanPage page) {
      pages.add(page);
    }

    @Override
    public void onError(Throwable failure) {
      end.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      end.complete(true);
    }
  }
}
