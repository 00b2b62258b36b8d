package io.tidemark.devs3;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.assertj.core.api.Assertions;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// The AWS SDK against an endpoint, one attempt for each request.
record Sdk(S3AsyncClient client, String bucket) implements AutoCloseable {
  static final AwsCredentials ANYBODY = AwsBasicCredentials.create("anybody", "secret");

  /// One for all: it takes seconds to close.
  private static final SdkAsyncHttpClient HTTP =
      NettyNioAsyncHttpClient.builder().maxConcurrency(256).build();

  static Sdk of(DevS3 s3) {
    return of(s3.endpoint(), ANYBODY, "tidemark");
  }

  static Sdk of(String endpoint, AwsCredentials credentials, String bucket) {
    return new Sdk(builder(endpoint, credentials).build(), bucket);
  }

  static S3AsyncClientBuilder builder(String endpoint, AwsCredentials credentials) {
    return S3AsyncClient.builder()
        .endpointOverride(URI.create(endpoint))
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .credentialsProvider(StaticCredentialsProvider.create(credentials))
        .httpClient(HTTP)
        .overrideConfiguration(settings ->
            settings
                .retryStrategy(retries -> retries.maxAttempts(1))
                .apiCallTimeout(Duration.ofSeconds(20)));
  }

  PutObjectResponse put(String key, String body) {
    return client
        .putObject(r -> r.bucket(bucket).key(key), AsyncRequestBody.fromString(body))
        .join();
  }

  PutObjectResponse putIfAbsent(String key, String body) {
    return client
        .putObject(
            r -> r.bucket(bucket).key(key).ifNoneMatch("*"), AsyncRequestBody.fromString(body))
        .join();
  }

  PutObjectResponse putIfMatch(String key, String etag, String body) {
    return client
        .putObject(r -> r.bucket(bucket).key(key).ifMatch(etag), AsyncRequestBody.fromString(body))
        .join();
  }

  ResponseBytes<GetObjectResponse> get(String key) {
    return client
        .getObject(r -> r.bucket(bucket).key(key), AsyncResponseTransformer.toBytes())
        .join();
  }

  String text(String key) {
    return get(key).asUtf8String();
  }

  String range(String key, String range) {
    return client
        .getObject(r -> r.bucket(bucket).key(key).range(range), AsyncResponseTransformer.toBytes())
        .join()
        .asUtf8String();
  }

  void delete(String key) {
    var _ = client.deleteObject(r -> r.bucket(bucket).key(key)).join();
  }

  ListObjectsV2Response list(String prefix) {
    return client.listObjectsV2(r -> r.bucket(bucket).prefix(prefix)).join();
  }

  /// The status that the call is answered with: 200 where it succeeds.
  static int status(Supplier<?> call) {
    return failure(call).map(S3Exception::statusCode).orElse(200);
  }

  /// The code of the error that the call is answered with.
  static String code(Supplier<?> call) {
    return failure(call).map(failed -> failed.awsErrorDetails().errorCode()).orElse("none");
  }

  /// Whether the call ended without any answer.
  static void assertUnanswered(Supplier<?> call) {
    Assertions.assertThatThrownBy(call::get)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(software.amazon.awssdk.core.exception.SdkClientException.class);
  }

  private static Optional<S3Exception> failure(Supplier<?> call) {
    try {
      var _ = call.get();
      return Optional.empty();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof S3Exception answered) {
        return Optional.of(answered);
      }
      throw failed;
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
