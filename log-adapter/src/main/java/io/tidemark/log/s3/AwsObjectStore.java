package io.tidemark.log.s3;

import io.netty.channel.EventLoopGroup;
import io.tidemark.base.Bytes;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Error;

/// The objects below a prefix of a bucket, by AWS's SDK: Amazon S3 and what speaks its protocol.
///
/// The SDK's own retries are off: a second attempt of a put-if-absent that meets the first one's
/// success looks like somebody else's, and every attempt must be seen by who decides. Only small
/// single-part objects are put, without chunked encoding or trailing checksums, which is what other
/// stores agree on; the objects carry checksums of their own. Futures complete on the threads
/// `kv-s3-*`, of which there are two.
final class AwsObjectStore implements ObjectStore {
  /// What a request may take in all, and how much more for each MiB it carries.
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

  private static final Duration TIMEOUT_PER_MIB = Duration.ofSeconds(1);

  private static final long QUIET_MILLIS = 100;
  private static final long QUIET_MILLIS_MAX = 2_000;

  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9/-]{1,512}");
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9/-]{0,512}");

  private final AwsPlace place;
  private final Optional<String> storageClass;
  private final Duration requestTimeout;
  private final EventLoopGroup loops;
  private final SdkAsyncHttpClient http;
  private final S3AsyncClient client;

  private AwsObjectStore(
      AwsPlace place,
      S3Options options,
      Duration requestTimeout,
      EventLoopGroup loops,
      SdkAsyncHttpClient http,
      S3AsyncClient client) {
    this.place = place;
    this.storageClass = options.storageClass();
    this.requestTimeout = requestTimeout;
    this.loops = loops;
    this.http = http;
    this.client = client;
  }

  /// The store below `prefix` in this bucket. Asks nobody yet; the first call may take a while to
  /// find credentials.
  ///
  /// @throws IllegalArgumentException if no region is said or found
  static AwsObjectStore open(String bucket, String prefix, S3Options options) {
    return open(bucket, prefix, options, REQUEST_TIMEOUT);
  }

  /// The same with another time limit for a small request.
  static AwsObjectStore open(
      String bucket, String prefix, S3Options options, Duration requestTimeout) {
    String root = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    var place = new AwsPlace(bucket, root, options.endpoint().map(URI::toString));
    EventLoopGroup loops = AwsClients.loops();
    SdkAsyncHttpClient http = AwsClients.http(loops);
    try {
      S3AsyncClient client = AwsClients.s3(options, http);
      return new AwsObjectStore(place, options, requestTimeout, loops, http, client);
    } catch (RuntimeException failure) {
      close(loops, http);
      throw failure;
    }
  }

  @Override
  public CompletableFuture<Creation> putIfAbsent(String key, Bytes body) {
    if (body.length() > OBJECT_BYTES_MAX) {
      throw new IllegalArgumentException(
          "an object has at most " + OBJECT_BYTES_MAX + " bytes, not " + body.length());
    }
    var request =
        PutObjectRequest.builder()
            .bucket(place.bucket())
            .key(full(key))
            .ifNoneMatch("*")
            .contentType("application/octet-stream")
            .overrideConfiguration(within(body.length()));
    storageClass.ifPresent(request::storageClass);
    var sent = AsyncRequestBody.fromBytesUnsafe(body.unsafeArray());
    return call(() -> client.putObject(request.build(), sent))
        .handle((_, failure) -> failure == null ? new Creation.Created() : creation(failure));
  }

  private Creation creation(Throwable failure) {
    return switch (AwsProblem.of(failure, place)) {
      case AwsProblem.PreconditionFailed() -> new Creation.Exists();
      case AwsProblem.Missing() ->
          new Creation.Undecided(place.host() + " misses what was to be created", false);
      case AwsProblem.Undecided(var why, var throttled) -> new Creation.Undecided(why, throttled);
      case AwsProblem.Refused(var why) -> throw new StoreException.Refused(why);
    };
  }

  @Override
  public CompletableFuture<Optional<Bytes>> get(String key) {
    String name = full(key);
    return call(() ->
            client.getObject(
                r -> r.bucket(place.bucket()).key(name), new AwsBody(OBJECT_BYTES_MAX)))
        .handle((got, failure) -> {
          if (failure == null) {
            return Optional.of(Bytes.wrap(got.asByteArrayUnsafe()));
          }
          AwsProblem problem = AwsProblem.of(failure, place);
          if (problem instanceof AwsProblem.Missing) {
            return Optional.empty();
          }
          throw exception(problem);
        });
  }

  @Override
  public CompletableFuture<Page> list(String prefix, Optional<String> after) {
    if (!PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException("'" + prefix + "' is no beginning of a key");
    }
    String wanted = place.root() + prefix;
    // Directory buckets list whole directories alone.
    String asked = place.isDirectory() ? wanted.substring(0, wanted.lastIndexOf('/') + 1) : wanted;
    return call(() ->
            client.listObjectsV2(r ->
                r.bucket(place.bucket())
                    .prefix(asked)
                    .encodingType(EncodingType.URL)
                    .continuationToken(after.orElse(null))))
        .handle(orThrow(listed -> page(listed, wanted)));
  }

  private Page page(ListObjectsV2Response listed, String wanted) {
    var keys =
        listed.contents().stream()
            .map(object -> object.key())
            .filter(key -> key.startsWith(wanted))
            .map(key -> key.substring(place.root().length()))
            .toList();
    return new Page(keys, Optional.ofNullable(listed.nextContinuationToken()));
  }

  @Override
  public CompletableFuture<Void> delete(List<String> keys) {
    if (keys.isEmpty() || keys.size() > DELETE_KEYS_MAX) {
      throw new IllegalArgumentException(
          "1 to " + DELETE_KEYS_MAX + " keys are deleted at a time, not " + keys.size());
    }
    var objects =
        keys.stream().map(key -> ObjectIdentifier.builder().key(full(key)).build()).toList();
    return call(() ->
            client.deleteObjects(r ->
                r.bucket(place.bucket())
                    .delete(d -> d.objects(objects).quiet(true))
                    .overrideConfiguration(within(0))))
        .handle(orThrow(Function.<DeleteObjectsResponse>identity()))
        .thenAccept(this::requireDeleted);
  }

  private void requireDeleted(DeleteObjectsResponse deleted) {
    if (deleted.errors().isEmpty()) {
      return;
    }
    S3Error first = deleted.errors().getFirst();
    String why =
        deleted.errors().size()
            + " of the keys were not deleted, such as "
            + first.key()
            + " ("
            + first.code()
            + ": "
            + first.message()
            + ")";
    if ("AccessDenied".equals(first.code())) {
      throw new StoreException.Refused(why);
    }
    throw new StoreException.Unavailable(why, AwsProblem.THROTTLING.contains(first.code()));
  }

  private <T, U> BiFunction<T, Throwable, U> orThrow(Function<T, U> answer) {
    return (answered, failure) -> {
      if (failure == null) {
        return answer.apply(answered);
      }
      throw exception(AwsProblem.of(failure, place));
    };
  }

  private StoreException exception(AwsProblem problem) {
    return switch (problem) {
      case AwsProblem.Undecided(var why, var throttled) ->
          new StoreException.Unavailable(why, throttled);
      case AwsProblem.Refused(var why) -> new StoreException.Refused(why);
      case AwsProblem.PreconditionFailed(), AwsProblem.Missing() ->
          new StoreException.Unavailable(
              place.host() + " speaks of an object that nobody asked for", false);
    };
  }

  /// Some failures are thrown where others come by the future.
  private static <T> CompletableFuture<T> call(Supplier<CompletableFuture<T>> request) {
    try {
      return request.get();
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  private String full(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("'" + key + "' is no key");
    }
    return place.root() + key;
  }

  private AwsRequestOverrideConfiguration within(long bytes) {
    return AwsRequestOverrideConfiguration.builder()
        .apiCallTimeout(requestTimeout.plus(TIMEOUT_PER_MIB.multipliedBy(bytes >> 20)))
        .build();
  }

  @Override
  public String toString() {
    return place.toString();
  }

  @Override
  public void close() {
    client.close();
    close(loops, http);
  }

  private static void close(EventLoopGroup loops, SdkAsyncHttpClient http) {
    http.close();
    // A moment for what the SDK still does with its connections; nobody waits for it.
    var _ = loops.shutdownGracefully(QUIET_MILLIS, QUIET_MILLIS_MAX, TimeUnit.MILLISECONDS);
  }
}
