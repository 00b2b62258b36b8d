package io.tidemark.log.s3;

import io.tidemark.base.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/// The objects below a prefix of a bucket, by AWS's SDK: Amazon S3 and what speaks its protocol.
///
/// The SDK's own retries are off: a second attempt of a put-if-absent that meets the first one's
/// success looks like somebody else's, and every attempt must be seen by who decides. Only small
/// single-part objects are put, without chunked encoding or trailing checksums, which is what other
/// stores agree on; the objects carry checksums of their own.
final class AwsObjectStore implements ObjectStore {
  /// How long nothing may come or go on a connection that is waited for.
  private static final Duration SILENCE_MAX = Duration.ofSeconds(3);

  /// What a request may take in all, and how much more for each MiB it carries.
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

  private static final Duration TIMEOUT_PER_MIB = Duration.ofSeconds(1);

  private static final int CONNECTIONS_MAX = 128;

  private final String bucket;
  private final String root;
  private final String place;
  private final Optional<String> storageClass;
  private final S3AsyncClient client;

  private AwsObjectStore(String bucket, String root, S3Options options, S3AsyncClient client) {
    this.bucket = bucket;
    this.root = root;
    this.storageClass = options.storageClass();
    this.client = client;
    this.place =
        "s3://"
            + bucket
            + "/"
            + root
            + options.endpoint().map(endpoint -> " at " + endpoint).orElse("");
  }

  /// The store below `prefix` in this bucket. Asks nobody yet.
  ///
  /// @throws IllegalArgumentException if no region is said or found
  static AwsObjectStore open(String bucket, String prefix, S3Options options) {
    String root = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    return new AwsObjectStore(bucket, root, options, client(options));
  }

  private static S3AsyncClient client(S3Options options) {
    var builder =
        S3AsyncClient.builder()
            .credentialsProvider(credentials(options))
            .forcePathStyle(options.pathStyle())
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(S3Configuration.builder().chunkedEncodingEnabled(false).build())
            .httpClientBuilder(
                NettyNioAsyncHttpClient.builder()
                    .maxConcurrency(CONNECTIONS_MAX)
                    .connectionTimeout(SILENCE_MAX)
                    .readTimeout(SILENCE_MAX)
                    .writeTimeout(SILENCE_MAX))
            .overrideConfiguration(
                override -> override.retryStrategy(retry -> retry.maxAttempts(1)))
            .asyncConfiguration(async ->
                async.advancedOption(
                    SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run));
    options.endpoint().ifPresent(builder::endpointOverride);
    // Stores other than Amazon's have no regions, but their signatures need the name of one.
    options
        .region()
        .or(() -> options.endpoint().map(_ -> "us-east-1"))
        .ifPresent(name -> builder.region(Region.of(name)));
    try {
      return builder.build();
    } catch (SdkClientException unset) {
      throw new IllegalArgumentException(
          "no region is set for the bucket: give --s3-region, or set AWS_REGION", unset);
    }
  }

  private static AwsCredentialsProvider credentials(S3Options options) {
    if (options.credentials().isEmpty()) {
      return DefaultCredentialsProvider.builder().build();
    }
    S3Options.Credentials given = options.credentials().get();
    return StaticCredentialsProvider.create(
        given.sessionToken().isPresent()
            ? AwsSessionCredentials.create(
                given.accessKey(), given.secretKey(), given.sessionToken().get())
            : AwsBasicCredentials.create(given.accessKey(), given.secretKey()));
  }

  @Override
  public CompletableFuture<Creation> putIfAbsent(String key, Bytes body) {
    var request =
        PutObjectRequest.builder()
            .bucket(bucket)
            .key(root + key)
            .ifNoneMatch("*")
            .contentType("application/octet-stream")
            .contentLength((long) body.length())
            .storageClass(storageClass.orElse(null))
            .overrideConfiguration(within(body.length()))
            .build();
    return ask(
            () -> client.putObject(request, AsyncRequestBody.fromBytesUnsafe(body.unsafeArray())))
        .handle((_, failure) ->
            failure == null
                ? new Creation.Created()
                : AwsFailures.ofCreation(failure, bucket, place));
  }

  @Override
  public CompletableFuture<Optional<Bytes>> get(String key) {
    var request =
        GetObjectRequest.builder()
            .bucket(bucket)
            .key(root + key)
            .overrideConfiguration(within(OBJECT_BYTES_MAX))
            .build();
    return ask(() -> client.getObject(request, AsyncResponseTransformer.toBytes()))
        .handle((object, failure) -> {
          if (failure == null) {
            return Optional.of(Bytes.wrap(object.asByteArrayUnsafe()));
          }
          if (AwsFailures.isNoSuchKey(failure)) {
            return Optional.empty();
          }
          throw AwsFailures.of(failure, bucket, place);
        });
  }

  @Override
  public CompletableFuture<Page> list(String prefix, Optional<String> after) {
    var request =
        ListObjectsV2Request.builder()
            .bucket(bucket)
            .prefix(root + prefix)
            .continuationToken(after.orElse(null))
            .overrideConfiguration(within(0))
            .build();
    return ask(() -> client.listObjectsV2(request))
        .handle((found, failure) -> page(answer(found, failure)));
  }

  private Page page(ListObjectsV2Response found) {
    var keys = new ArrayList<String>();
    for (S3Object object : found.contents()) {
      keys.add(object.key().substring(root.length()));
    }
    return new Page(
        keys,
        Boolean.TRUE.equals(found.isTruncated())
            ? Optional.ofNullable(found.nextContinuationToken())
            : Optional.empty());
  }

  @Override
  public CompletableFuture<Void> delete(List<String> keys) {
    var names =
        keys.stream().map(key -> ObjectIdentifier.builder().key(root + key).build()).toList();
    var request =
        DeleteObjectsRequest.builder()
            .bucket(bucket)
            .delete(Delete.builder().objects(names).quiet(true).build())
            .overrideConfiguration(within(0))
            .build();
    return ask(() -> client.deleteObjects(request))
        .handle((response, failure) -> {
          DeleteObjectsResponse done = answer(response, failure);
          if (done.hasErrors() && !done.errors().isEmpty()) {
            var first = done.errors().getFirst();
            throw new StoreException.Unavailable(
                done.errors().size()
                    + " objects were not deleted, the first: "
                    + first.key()
                    + ": "
                    + first.message(),
                false);
          }
          return null;
        });
  }

  private <T> T answer(@Nullable T answer, @Nullable Throwable failure) {
    if (failure != null || answer == null) {
      throw AwsFailures.of(failure, bucket, place);
    }
    return answer;
  }

  /// A call of the SDK's.
  private interface Call<T> {
    CompletableFuture<T> make();
  }

  // Some failures are thrown before there is a future.
  private static <T> CompletableFuture<T> ask(Call<T> call) {
    try {
      return call.make();
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  private static AwsRequestOverrideConfiguration within(long bytes) {
    Duration timeout = REQUEST_TIMEOUT.plus(TIMEOUT_PER_MIB.multipliedBy(bytes >> 20));
    return AwsRequestOverrideConfiguration.builder()
        .apiCallTimeout(timeout)
        .apiCallAttemptTimeout(timeout)
        .build();
  }

  @Override
  public String toString() {
    return place;
  }

  @Override
  public void close() {
    client.close();
  }
}
