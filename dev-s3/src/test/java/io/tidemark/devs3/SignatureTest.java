package io.tidemark.devs3;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Clock;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;

/// Who may do what, and what those are told who may not.
class SignatureTest {
  private static final long HOUR_MILLIS = 3_600_000;
  private static final AwsCredentials ALICE = AwsBasicCredentials.create("alice", "secret");

  @SuppressWarnings("NullAway.Init")
  private DevS3 s3;

  private void start(Clock clock) throws IOException {
    var eve = Account.of("eve", "secret").with(Account.Standing.BARRED);
    var old = Account.of("old", "secret").with(Account.Standing.EXPIRED).withSessionToken("token");
    var session = Account.of("session", "secret").withSessionToken("token");
    s3 =
        DevS3.start(
            DevS3Config.inMemory()
                .withAccounts(List.of(Account.of("alice", "secret"), eve, old, session))
                .withBuckets(List.of("tidemark", "fast--use1-az4--x-s3"))
                .withClock(clock));
  }

  @AfterEach
  void stop() {
    s3.close();
  }

  private String codeFor(AwsCredentials credentials) {
    try (var sdk = Sdk.of(s3.endpoint(), credentials, "tidemark")) {
      return Sdk.code(() -> sdk.list(""));
    }
  }

  @Test
  void everyOperationOfAGoodAccountIsSignedWell() throws IOException {
    start(Clock.SYSTEM);
    try (var sdk = Sdk.of(s3.endpoint(), ALICE, "tidemark")) {
      var _ = sdk.put("a b/ü+&=%/~", "v");
      assertThat(sdk.text("a b/ü+&=%/~")).isEqualTo("v");
      assertThat(
              sdk.client()
                  .listObjectsV2(
                      r -> r.bucket("tidemark").prefix("a b/ü+&=").delimiter("~").maxKeys(3))
                  .join()
                  .commonPrefixes())
          .hasSize(1);
      sdk.delete("a b/ü+&=%/~");
      assertThat(sdk.list("").contents()).isEmpty();
    }
  }

  @Test
  void theChunksOfASignedBodyAreChecked() throws IOException {
    start(Clock.SYSTEM);
    try (var client =
        Sdk.builder(s3.endpoint(), ALICE)
            .serviceConfiguration(settings -> settings.chunkedEncodingEnabled(true))
            .build()) {
      String body = "0123456789".repeat(30_000);
      var _ =
          client
              .putObject(
                  r -> r.bucket("tidemark").key("k").checksumAlgorithm(ChecksumAlgorithm.CRC32_C),
                  AsyncRequestBody.fromString(body))
              .join();
      assertThat(new Sdk(client, "tidemark").text("k")).isEqualTo(body);
    }
  }

  @Test
  void othersAreToldWhatIsWrong() throws IOException {
    start(Clock.SYSTEM);
    assertThat(codeFor(ALICE)).isEqualTo("none");
    assertThat(codeFor(AwsBasicCredentials.create("mallory", "secret")))
        .isEqualTo("InvalidAccessKeyId");
    assertThat(codeFor(AwsBasicCredentials.create("alice", "wrong")))
        .isEqualTo("SignatureDoesNotMatch");
    assertThat(codeFor(AwsBasicCredentials.create("eve", "secret"))).isEqualTo("AccessDenied");
    assertThat(codeFor(AwsSessionCredentials.create("old", "secret", "token")))
        .isEqualTo("ExpiredToken");
    assertThat(codeFor(AwsSessionCredentials.create("session", "secret", "token")))
        .isEqualTo("none");
    assertThat(codeFor(AwsSessionCredentials.create("session", "secret", "other")))
        .isEqualTo("InvalidToken");
    assertThat(codeFor(AwsBasicCredentials.create("session", "secret"))).isEqualTo("InvalidToken");
  }

  @Test
  void whoSignsNothingMayDoNothing() throws IOException {
    start(Clock.SYSTEM);
    try (var client =
        Sdk.builder(s3.endpoint(), ALICE)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .build()) {
      assertThat(Sdk.code(() -> new Sdk(client, "tidemark").list(""))).isEqualTo("AccessDenied");
    }
  }

  @Test
  void anotherRegionIsNamed() throws IOException {
    start(Clock.SYSTEM);
    try (var client = Sdk.builder(s3.endpoint(), ALICE).region(Region.EU_CENTRAL_1).build()) {
      assertThat(Sdk.code(() -> new Sdk(client, "tidemark").list("")))
          .isEqualTo("AuthorizationHeaderMalformed");
    }
  }

  @Test
  void aClockThatIsOffIsNoticed() throws IOException {
    start(
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
    assertThat(codeFor(ALICE)).isEqualTo("RequestTimeTooSkewed");
  }

  @Test
  void directoryBucketsHaveSessions() throws IOException {
    start(Clock.SYSTEM);
    try (var sdk = Sdk.of(s3.endpoint(), ALICE, "fast--use1-az4--x-s3")) {
      var _ = sdk.putIfAbsent("s/1", "v");
      assertThat(sdk.text("s/1")).isEqualTo("v");
      assertThat(s3.counts().requests(Operation.CREATE_SESSION)).isEqualTo(1);
    }
  }
}
