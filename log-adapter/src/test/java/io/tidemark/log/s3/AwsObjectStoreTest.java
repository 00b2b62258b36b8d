package io.tidemark.log.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.base.Bytes;
import io.tidemark.base.Clock;
import io.tidemark.devs3.Account;
import io.tidemark.devs3.DevS3;
import io.tidemark.devs3.DevS3Config;
import io.tidemark.devs3.Fault;
import io.tidemark.devs3.Fault.Ending;
import io.tidemark.devs3.FaultRule;
import io.tidemark.devs3.Operation;
import io.tidemark.devs3.S3Error;
import io.tidemark.log.Log;
import io.tidemark.log.LogCalls;
import io.tidemark.log.LogCost;
import io.tidemark.log.LogCost.Kind;
import io.tidemark.log.LogCost.Purpose;
import io.tidemark.log.Precondition;
import io.tidemark.log.s3.ObjectStore.Creation;
import io.tidemark.log.s3.S3Options.Credentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The store by the AWS SDK, on an endpoint of our own.
class AwsObjectStoreTest extends ObjectStoreContract {
  private static final String DIRECTORY_BUCKET = "fast--use1-az4--x-s3";
  private static final Credentials ALICE = new Credentials("alice", "secret", Optional.empty());
  private static final Duration PATIENT = Duration.ofSeconds(20);
  private static final long HOUR_MILLIS = 3_600_000;

  @SuppressWarnings("NullAway.Init")
  private DevS3 s3;

  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void startEndpoint() throws IOException {
    s3 = endpoint(Clock.SYSTEM);
  }

  private DevS3 endpoint(Clock clock) throws IOException {
    var old = Account.of("old", "secret").with(Account.Standing.EXPIRED).withSessionToken("token");
    var started =
        DevS3.start(
            DevS3Config.inMemory()
                .withClock(clock)
                .withBuckets(List.of("tidemark", DIRECTORY_BUCKET))
                .withAccounts(
                    List.of(
                        Account.of("alice", "secret"),
                        Account.of("eve", "secret").with(Account.Standing.BARRED),
                        old,
                        Account.of("session", "secret").withSessionToken("token"))));
    open.addFirst(started);
    return started;
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private S3Options options() {
    return at(s3.endpoint()).as(ALICE);
  }

  private static S3Options at(String endpoint) {
    return S3Options.DEFAULT.at(Optional.of(URI.create(endpoint)), Optional.of("us-east-1"), true);
  }

  private AwsObjectStore open(String bucket, S3Options options, Duration requestTimeout) {
    var store = AwsObjectStore.open(bucket, "db/one", options, requestTimeout);
    open.addFirst(store);
    return store;
  }

  private AwsObjectStore open(S3Options options) {
    return open("tidemark", options, PATIENT);
  }

  @Override
  ObjectStore open() {
    return open(options());
  }

  private void once(Fault fault) {
    var _ = s3.faults().add(FaultRule.of(fault).times(1));
  }

  @Test
  void anEndpointOfItsOwnNeedsNoRegion() {
    var store = open(S3Options.DEFAULT.at(options().endpoint(), Optional.empty(), true).as(ALICE));
    assertThat(store.putIfAbsent("k", BODY).join()).isEqualTo(new Creation.Created());
    assertThat(store).hasToString("s3://tidemark/db/one/ at " + s3.endpoint());
  }

  @Test
  void sessionCredentialsAreShown() {
    var session = new Credentials("session", "secret", Optional.of("token"));
    var store = open(options().as(session));
    assertThat(store.putIfAbsent("k", BODY).join()).isEqualTo(new Creation.Created());
    assertThat(session).hasToString("credentials of session");
  }

  @Test
  void theStorageClassIsAskedFor() {
    var store = open(options().withStorageClass(Optional.of("STANDARD_IA")));
    assertThat(store.putIfAbsent("k", BODY).join()).isEqualTo(new Creation.Created());
    assertThat(store.get("k").join()).contains(BODY);
  }

  @Test
  void directoryBucketsAreUsedWithSessions() {
    var store = open(DIRECTORY_BUCKET, options(), PATIENT);
    List<String> keys = IntStream.range(0, 12).mapToObj(i -> "s/" + (100 + i)).toList();
    for (String key : keys) {
      assertThat(store.putIfAbsent(key, BODY).join()).isEqualTo(new Creation.Created());
    }
    assertThat(all(store, "s/10"))
        .containsExactlyInAnyOrderElementsOf(keys.subList(0, 10))
        .isNotEqualTo(keys.subList(0, 10));
    assertThat(s3.counts().requests(Operation.CREATE_SESSION)).isPositive();
  }

  @Test
  void everyAttemptIsTheCallersToSee() {
    var store = open(options());
    for (var error :
        List.of(
            S3Error.INTERNAL_ERROR,
            S3Error.SLOW_DOWN,
            S3Error.CONDITIONAL_REQUEST_CONFLICT,
            S3Error.SERVICE_UNAVAILABLE)) {
      once(new Fault.Refuse(error));
      long before = s3.counts().requests(Operation.PUT_OBJECT);
      var creation = store.putIfAbsent("k", BODY).join();
      assertThat(s3.counts().requests(Operation.PUT_OBJECT)).isEqualTo(before + 1);
      assertThat(creation)
          .isInstanceOfSatisfying(
              Creation.Undecided.class,
              undecided -> {
                assertThat(undecided.throttled()).isEqualTo(error.status() == 503);
                assertThat(undecided.why()).contains(error.code(), "answered " + error.status());
              });
    }
    once(new Fault.Refuse(S3Error.INTERNAL_ERROR));
    assertThat(failure(() -> store.get("k").join())).isInstanceOf(StoreException.Unavailable.class);
    assertThat(s3.counts().requests(Operation.GET_OBJECT)).isEqualTo(1);
  }

  @Test
  void whatGotLostIsUndecided() {
    var store = open(options());
    once(new Fault.LoseRequest(Ending.CUT));
    assertThat(store.putIfAbsent("a", BODY).join()).isInstanceOf(Creation.Undecided.class);
    assertThat(store.get("a").join()).isEmpty();

    once(new Fault.LoseReply(Ending.CUT));
    assertThat(store.putIfAbsent("a", BODY).join()).isInstanceOf(Creation.Undecided.class);
    assertThat(store.putIfAbsent("a", BODY).join()).isEqualTo(new Creation.Exists());

    once(new Fault.RefuseAfterEffect(S3Error.INTERNAL_ERROR));
    assertThat(store.putIfAbsent("b", BODY).join()).isInstanceOf(Creation.Undecided.class);
    assertThat(store.get("b").join()).contains(BODY);

    once(new Fault.Twice());
    assertThat(store.putIfAbsent("c", BODY).join()).isEqualTo(new Creation.Exists());
  }

  @Test
  void aTimeoutIsUndecidedAndMayLandLate() {
    var store = open("tidemark", options(), Duration.ofMillis(700));
    // The first call of a process takes longer than most.
    assertThat(store.putIfAbsent("warm", BODY).join()).isNotNull();
    once(new Fault.LandLate(Duration.ofMinutes(5), Ending.HELD));

    assertThat(store.putIfAbsent("k", BODY).join())
        .isInstanceOfSatisfying(
            Creation.Undecided.class,
            undecided -> assertThat(undecided.why()).contains("did not answer in time"));
    assertThat(s3.faults().landNow()).isEqualTo(1);
    assertThat(store.putIfAbsent("k", BODY).join()).isEqualTo(new Creation.Exists());
  }

  @Test
  void halfABodyIsNoBody() {
    var store = open(options());
    var body = Bytes.wrap(new byte[100_000]);
    assertThat(store.putIfAbsent("k", body).join()).isEqualTo(new Creation.Created());
    once(new Fault.Truncate());
    assertThat(failure(() -> store.get("k").join())).isInstanceOf(StoreException.Unavailable.class);
    assertThat(store.get("k").join()).contains(body);
  }

  @Test
  void nobodyThereIsUndecided() throws IOException {
    // Bound, so that nobody else gets the port, and not listening.
    try (var bound = new Socket()) {
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String nobody = "http://127.0.0.1:" + bound.getLocalPort();
      var store = open(at(nobody).as(ALICE));
      assertThat(store.putIfAbsent("k", BODY).join())
          .isInstanceOfSatisfying(
              Creation.Undecided.class,
              undecided -> assertThat(undecided.why()).contains("nothing listens at " + nobody));
    }

    var unknown = open(at("http://no-such-host.invalid:1").as(ALICE));
    assertThat(failure(() -> unknown.get("k").join()))
        .isInstanceOf(StoreException.Unavailable.class)
        .hasMessageContaining("no-such-host.invalid");
  }

  @Test
  void requestsAreCountedAsTheyAreBilled() {
    var meter = new Meter(open(options()), new ManualTime().config(1));
    ObjectStore store = meter.store(Purpose.UPKEEP);
    var _ = store.putIfAbsent("a", BODY).join();
    var _ = store.putIfAbsent("a", BODY).join();
    var _ = store.get("a").join();
    var _ = store.get("none").join();
    var _ = store.list("", Optional.empty()).join();
    once(new Fault.Refuse(S3Error.SLOW_DOWN));
    assertThat(failure(() -> store.delete(List.of("a")).join()))
        .isInstanceOfSatisfying(
            StoreException.Unavailable.class,
            throttled -> assertThat(throttled.isThrottled()).isTrue());

    long bytes = BODY.length();
    assertThat(count(meter, Kind.PUT)).isEqualTo(new LogCost.Count(2, 1, 0, 0, 2 * bytes, 0));
    assertThat(count(meter, Kind.GET)).isEqualTo(new LogCost.Count(2, 1, 0, 0, 0, bytes));
    assertThat(count(meter, Kind.LIST)).isEqualTo(new LogCost.Count(1, 0, 0, 0, 0, 0));
    assertThat(count(meter, Kind.DELETE)).isEqualTo(new LogCost.Count(1, 0, 1, 1, 0, 0));
    assertThat(meter.cost().dollars()).isCloseTo(1.58e-5, within(1e-12));
  }

  private static LogCost.Count count(Meter meter, Kind kind) {
    return meter.cost().lines().stream()
        .filter(line -> line.purpose() == Purpose.UPKEEP && line.kind() == kind)
        .findFirst()
        .orElseThrow()
        .count();
  }

  /// What a whole log asked for is what the endpoint was asked for, whatever went wrong on the way.
  @ParameterizedTest
  @ValueSource(strings = {"tidemark", DIRECTORY_BUCKET})
  void aLogCountsWhatTheEndpointWasAsked(String bucket) throws Exception {
    try (Log log = SlotLog.open(open(bucket, options(), PATIENT), SlotLogTest.config())) {
      for (int i = 0; i < 40; i++) {
        if (i % 10 == 3) {
          once(new Fault.RefuseAfterEffect(S3Error.INTERNAL_ERROR));
        }
        var _ = log.append(LogCalls.batch("record " + i), Precondition.NONE).join();
        var _ = log.checkTail().join();
      }
      LogCost cost = log.cost().orElseThrow();
      assertThat(cost.recordsAppended()).isEqualTo(40);
      assertThat(
              cost.sum(Kind.PUT, LogCost.Count::failed) + cost.sum(Kind.GET, LogCost.Count::failed))
          .isEqualTo(4);
      Map<Operation, Kind> kinds =
          Map.of(
              Operation.PUT_OBJECT, Kind.PUT,
              Operation.GET_OBJECT, Kind.GET,
              Operation.LIST_OBJECTS_V2, Kind.LIST,
              Operation.DELETE_OBJECTS, Kind.DELETE);
      kinds.forEach((operation, kind) ->
          assertThat(cost.sum(kind, LogCost.Count::requests))
              .as(kind.name())
              .isEqualTo(s3.counts().requests(operation)));
      assertThat(cost.sum(Kind.PUT, LogCost.Count::missed))
          .isEqualTo(s3.counts().answers(Operation.PUT_OBJECT, 412));
      assertThat(cost.sum(Kind.GET, LogCost.Count::missed))
          .isEqualTo(s3.counts().answers(Operation.GET_OBJECT, 404));
      assertThat(s3.counts().requests(Operation.CREATE_SESSION))
          .isEqualTo(bucket.equals(DIRECTORY_BUCKET) ? 1 : 0);
    }
  }

  @Test
  void whatIsNoS3IsNotTakenForAnEmptyStore() throws IOException {
    // A web server that knows no such page.
    try (var web = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var answering = Thread.ofVirtual().start(() -> notFound(web));
      var store = open(at("http://127.0.0.1:" + web.getLocalPort()).as(ALICE));
      assertThat(failure(() -> store.get("k").join()))
          .isInstanceOf(StoreException.Unavailable.class)
          .hasMessageContaining("is this an S3 endpoint?");
      answering.interrupt();
    }
  }

  private static void notFound(ServerSocket web) {
    try (var socket = web.accept()) {
      var _ = socket.getInputStream().read(new byte[10_000]);
      String answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone";
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      var _ = socket.getInputStream().read();
    } catch (IOException ended) {
      // The test is over.
    }
  }

  /// What each refusal tells a person, by every call.
  @Nested
  class Refusals {
    @Test
    void aBucketThatIsNotThere() {
      assertRefused("tidemrak", options(), "there is no bucket 'tidemrak'", "create it");
    }

    @Test
    void credentialsThatAreWrong() {
      assertRefused(with("mallory", "secret"), "knows no such access key", "AWS_ACCESS_KEY_ID");
      assertRefused(with("alice", "wrong"), "secret key", "AWS_SECRET_ACCESS_KEY");
      assertRefused(with("eve", "secret"), "may not be used", "s3:PutObject");
      assertRefused(
          options().as(new Credentials("old", "secret", Optional.of("token"))), "have expired");
      assertRefused(
          options().as(new Credentials("session", "secret", Optional.of("other"))),
          "session token");
    }

    private S3Options with(String accessKey, String secretKey) {
      return options().as(new Credentials(accessKey, secretKey, Optional.empty()));
    }

    @Test
    void aClockThatIsOff() throws IOException {
      var ahead =
          endpoint(
              new Clock() {
                @Override
                public long nanoTime() {
                  return SYSTEM.nanoTime();
                }

                @Override
                public long wallMillis() {
                  return SYSTEM.wallMillis() + HOUR_MILLIS;
                }
              });
      assertRefused(at(ahead.endpoint()).as(ALICE), "clock of this machine");
    }

    @Test
    void anotherRegion() {
      assertRefused(
          options().at(options().endpoint(), Optional.of("eu-central-1"), true),
          "region",
          "us-east-1");
      var _ = s3.faults().add(FaultRule.of(new Fault.Refuse(S3Error.PERMANENT_REDIRECT)));
      assertRefused(options(), "not in this region but in us-east-1");
    }

    @ParameterizedTest
    @EnumSource(names = {"NOT_IMPLEMENTED", "METHOD_NOT_ALLOWED", "INVALID_REQUEST"})
    void whatTheStoreCannotDo(S3Error error) {
      var _ = s3.faults().add(FaultRule.of(new Fault.Refuse(error)));
      assertRefused(options(), error.code());
    }

    private void assertRefused(S3Options options, String... told) {
      assertRefused("tidemark", options, told);
    }

    private void assertRefused(String bucket, S3Options options, String... told) {
      var store = open(bucket, options, PATIENT);
      for (var failed :
          List.of(
              failure(() -> store.putIfAbsent("k", BODY).join()),
              failure(() -> store.get("k").join()),
              failure(() -> store.list("", Optional.empty()).join()),
              failure(() -> store.delete(List.of("k")).join()))) {
        assertThat(failed).isInstanceOf(StoreException.Refused.class).hasMessageContainingAll(told);
      }
      assertThat(s3.objectCount("tidemark")).isZero();
    }
  }
}
