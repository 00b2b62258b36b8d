package io.tidemark.devs3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.devs3.Fault.Delay;
import io.tidemark.devs3.Fault.Ending;
import io.tidemark.devs3.FaultRule.Client;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.core.async.AsyncRequestBody;

/// Each fault as a client meets it.
class FaultsTest {
  private static final Duration SHORT = Duration.ofMillis(400);

  @SuppressWarnings("NullAway.Init")
  private DevS3 s3;

  @SuppressWarnings("NullAway.Init")
  private Sdk sdk;

  @BeforeEach
  void start() throws IOException {
    s3 = DevS3.start(DevS3Config.inMemory().withFaultsPort(0));
    sdk = Sdk.of(s3);
  }

  @AfterEach
  void stop() {
    sdk.close();
    s3.close();
  }

  private void once(Fault fault) {
    var _ = s3.faults().add(FaultRule.of(fault).times(1));
  }

  @Test
  void aRefusalHasNoEffect() {
    for (var error :
        new S3Error[] {
          S3Error.SLOW_DOWN, S3Error.INTERNAL_ERROR, S3Error.CONDITIONAL_REQUEST_CONFLICT
        }) {
      once(new Fault.Refuse(error));
      assertThat(Sdk.status(() -> sdk.putIfAbsent("k", "v"))).isEqualTo(error.status());
      assertThat(s3.objectCount("tidemark")).isZero();
      assertThat(s3.counts().answers(Operation.PUT_OBJECT, error.status())).isEqualTo(1);
    }
    assertThat(s3.faults().happened()).containsEntry("refuse", 3L);
  }

  @Test
  void aRefusalAfterTheEffectHasIt() {
    once(new Fault.RefuseAfterEffect(S3Error.INTERNAL_ERROR));
    assertThat(Sdk.status(() -> sdk.putIfAbsent("k", "v"))).isEqualTo(500);
    assertThat(sdk.text("k")).isEqualTo("v");
  }

  @Test
  void aLostRequestHasNoEffectAndNoAnswer() {
    once(new Fault.LoseRequest(Ending.CUT));
    Sdk.assertUnanswered(() -> sdk.putIfAbsent("k", "v"));
    assertThat(s3.objectCount("tidemark")).isZero();
  }

  @Test
  void aLostReplyLeavesTheEffectAndTheNextAttemptMeetsItself() {
    once(new Fault.LoseReply(Ending.CUT));
    Sdk.assertUnanswered(() -> sdk.putIfAbsent("k", "v"));
    assertThat(Sdk.status(() -> sdk.putIfAbsent("k", "v"))).isEqualTo(412);
    assertThat(sdk.text("k")).isEqualTo("v");
  }

  @Test
  void aHeldConnectionIsSilentUntilTheClientGivesUp() {
    try (var impatient = impatient()) {
      once(new Fault.LoseReply(Ending.HELD));
      Sdk.assertUnanswered(() -> impatient.putIfAbsent("k", "v"));
      assertThat(sdk.text("k")).isEqualTo("v");
      assertThat(impatient.text("k")).isEqualTo("v");
    }
  }

  private Sdk impatient() {
    var client =
        Sdk.builder(s3.endpoint(), Sdk.ANYBODY)
            .overrideConfiguration(
                settings -> settings.retryStrategy(r -> r.maxAttempts(1)).apiCallTimeout(SHORT))
            .build();
    return new Sdk(client, "tidemark");
  }

  @Test
  void aLateLandingTakesEffectWhenItIsTold() {
    once(new Fault.LandLate(Duration.ofMinutes(5), Ending.CUT));
    Sdk.assertUnanswered(() -> sdk.putIfAbsent("k", "late"));
    assertThat(s3.objectCount("tidemark")).isZero();

    assertThat(s3.faults().landNow()).isEqualTo(1);
    assertThat(sdk.text("k")).isEqualTo("late");
    assertThat(s3.faults().landNow()).isZero();
  }

  @Test
  void aLateLandingLosesToWhoeverWasThereFirst() {
    once(new Fault.LandLate(Duration.ofMinutes(5), Ending.CUT));
    Sdk.assertUnanswered(() -> sdk.putIfAbsent("k", "late"));
    var _ = sdk.putIfAbsent("k", "in time");
    assertThat(s3.faults().landNow()).isEqualTo(1);
    assertThat(sdk.text("k")).isEqualTo("in time");
  }

  @Test
  void aRequestAppliedTwiceIsRefusedForItsOwnEffect() {
    once(new Fault.Twice());
    assertThat(Sdk.status(() -> sdk.putIfAbsent("k", "v"))).isEqualTo(412);
    assertThat(sdk.text("k")).isEqualTo("v");
  }

  @Test
  void aBodyIsCutShortOrWrong() {
    String body = "0123456789".repeat(1_000);
    var _ =
        sdk.client()
            .putObject(r -> r.bucket("tidemark").key("k"), AsyncRequestBody.fromString(body))
            .join();
    var _ = s3.faults().add(FaultRule.of(new Fault.Truncate()).on(Operation.GET_OBJECT).times(1));
    assertThatThrownBy(() -> sdk.text("k")).isInstanceOf(CompletionException.class);

    var _ = s3.faults().add(FaultRule.of(new Fault.Corrupt()).on(Operation.GET_OBJECT).times(1));
    assertThat(plainGet("/tidemark/k")).hasSameSizeAs(body).isNotEqualTo(body);
    assertThat(sdk.text("k")).isEqualTo(body);
  }

  private String plainGet(String path) {
    return http("GET", s3.endpoint() + path);
  }

  private static String http(String method, String uri) {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(uri)).method(method, BodyPublishers.noBody());
      return client.send(request.build(), BodyHandlers.ofString()).body();
    } catch (IOException | InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Test
  void delaysAreAtLeastWhatIsAsked() {
    once(new Fault.Slow(new Delay.Constant(Duration.ofMillis(150))));
    long began = System.nanoTime();
    var _ = sdk.put("k", "v");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(149));
  }

  @Test
  void lognormalDelaysHaveTheirMedianAndTheirTail() {
    var delay = new Delay.Lognormal(Duration.ofMillis(35), Duration.ofMillis(180));
    var faults = new Faults();
    var _ = faults.add(FaultRule.of(new Fault.Slow(delay)));
    var millis = new ArrayList<Long>();
    var request = request("k", "");
    for (int i = 0; i < 10_000; i++) {
      var decision = faults.decide(request);
      millis.add((decision.beforeNanos() + decision.afterNanos()) / 1_000_000);
    }
    millis.sort(null);
    assertThat(millis.get(5_000)).isBetween(33L, 37L);
    assertThat(millis.get(9_900)).isBetween(160L, 200L);
  }

  @Test
  void aRuleHappensToWhatItMatchesAlone() {
    try (var other =
        Sdk.of(s3.endpoint(), AwsBasicCredentials.create("other", "secret"), "tidemark")) {
      var _ =
          s3.faults()
              .add(
                  FaultRule.of(new Fault.Refuse(S3Error.SLOW_DOWN))
                      .on(Operation.PUT_OBJECT)
                      .withKeyPrefix("s/")
                      .withClient(new Client.AccessKey("other"))
                      .after(1)
                      .times(2));
      assertThat(Sdk.status(() -> sdk.put("s/1", "v"))).isEqualTo(200);
      assertThat(Sdk.status(() -> other.put("s/1", "v"))).isEqualTo(200);
      assertThat(Sdk.status(() -> other.put("t/1", "v"))).isEqualTo(200);
      assertThat(Sdk.status(() -> other.put("s/1", "v"))).isEqualTo(503);
      assertThat(Sdk.status(() -> other.get("s/1"))).isEqualTo(200);
      assertThat(Sdk.status(() -> sdk.put("s/1", "v"))).isEqualTo(200);
      assertThat(Sdk.status(() -> other.put("s/1", "v"))).isEqualTo(503);
      assertThat(Sdk.status(() -> other.put("s/1", "v"))).isEqualTo(200);
    }
  }

  @Test
  void chanceIsTheSameForTheSameSeed() {
    assertThat(drawn(7)).isEqualTo(drawn(7)).isNotEqualTo(drawn(8)).contains(true, false);
  }

  private static List<Boolean> drawn(long seed) {
    var faults = new Faults();
    faults.seed(seed);
    var _ = faults.add(FaultRule.of(new Fault.Twice()).withProbability(0.3));
    var drawn = new ArrayList<Boolean>();
    for (int i = 0; i < 100; i++) {
      drawn.add(faults.decide(request("k", "")).fault().isPresent());
    }
    return drawn;
  }

  private static S3Request request(String key, String authorization) {
    return new S3Request(
        "PUT",
        "/tidemark/" + key,
        new LinkedHashMap<>(),
        Map.of("authorization", authorization),
        "tidemark",
        Bytes.utf8(key),
        Bytes.EMPTY,
        1);
  }

  @Test
  void anotherProcessControlsFaultsOverHttp() {
    String control = "http://127.0.0.1:" + s3.faultsPort().orElseThrow();
    String id =
        http("POST", control + "/faults?fault=refuse&error=SlowDown&operation=PutObject&times=1")
            .strip();
    assertThat(Sdk.code(() -> sdk.put("k", "v"))).isEqualTo("SlowDown");
    assertThat(http("GET", control + "/faults")).startsWith(id + " happened=1 ");
    assertThat(http("GET", control + "/counts"))
        .contains("answers.PutObject.503 1\n", "requests.PutObject 1\n", "faults.refuse 1\n");
    assertThat(http("DELETE", control + "/faults/" + id)).isEqualTo("removed\n");
    assertThat(http("GET", control + "/faults")).isEmpty();

    assertThat(http("POST", control + "/faults?fault=land-late&delay-ms=300000")).isNotBlank();
    Sdk.assertUnanswered(() -> sdk.put("k", "v"));
    assertThat(http("POST", control + "/land")).isEqualTo("1\n");
    assertThat(http("DELETE", control + "/faults")).isEqualTo("removed\n");
    assertThat(sdk.text("k")).isEqualTo("v");
    assertThat(http("POST", control + "/faults?fault=explode")).contains("no kind of fault");
    assertThat(http("POST", control + "/faults?fault=twice&operatoin=x")).contains("operatoin");
  }

  @Test
  void aBrokenStoreLetsSeveralWin() throws IOException {
    try (var broken = DevS3.start(DevS3Config.inMemory().withBrokenPutIfAbsent());
        var client = Sdk.of(broken)) {
      var body = AsyncRequestBody.fromString("v");
      var first =
          client.client().putObject(r -> r.bucket("tidemark").key("k").ifNoneMatch("*"), body);
      var second =
          client.client().putObject(r -> r.bucket("tidemark").key("k").ifNoneMatch("*"), body);
      assertThat(first.join().eTag()).isEqualTo(second.join().eTag());
      assertThat(Sdk.status(() -> client.putIfAbsent("k", "w"))).isEqualTo(412);
    }
  }
}
