package io.tidemark.devs3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Object;

/// What S3 promises, of an endpoint wherever it keeps its objects.
abstract class EndpointContract {
  private static final int WRITERS = 16;

  @SuppressWarnings("NullAway.Init")
  private DevS3 s3;

  @SuppressWarnings("NullAway.Init")
  private Sdk sdk;

  abstract DevS3Config config();

  @BeforeEach
  void start() throws IOException {
    s3 = DevS3.start(config().withBuckets(List.of("tidemark", "fast--use1-az4--x-s3")));
    sdk = Sdk.of(s3);
  }

  @AfterEach
  void stop() {
    sdk.close();
    s3.close();
  }

  @Test
  void whatWasPutIsReadBackWithAllThatWasSaidOfIt() {
    var put =
        sdk.client()
            .putObject(
                r ->
                    r.bucket("tidemark")
                        .key("a/b c+ü&<")
                        .contentType("text/plain")
                        .metadata(Map.of("who", "me"))
                        .storageClass("STANDARD_IA"),
                AsyncRequestBody.fromString("hello"))
            .join();

    var got = sdk.get("a/b c+ü&<");
    assertThat(got.asUtf8String()).isEqualTo("hello");
    assertThat(got.response().eTag()).isEqualTo(put.eTag());
    assertThat(got.response().contentType()).isEqualTo("text/plain");
    assertThat(got.response().contentEncoding()).isNull();
    assertThat(got.response().metadata()).containsEntry("who", "me");
    assertThat(got.response().storageClassAsString()).isEqualTo("STANDARD_IA");
    var head = sdk.client().headObject(r -> r.bucket("tidemark").key("a/b c+ü&<")).join();
    assertThat(head.contentLength()).isEqualTo(5);
    assertThat(head.eTag()).isEqualTo("\"5d41402abc4b2a76b9719d911017c592\"");
  }

  @Test
  void whatIsNotThereIsSaidSo() {
    assertThat(Sdk.code(() -> sdk.get("none"))).isEqualTo("NoSuchKey");
    var _ = sdk.put("k", "v");
    sdk.delete("k");
    sdk.delete("k");
    assertThat(Sdk.code(() -> sdk.get("k"))).isEqualTo("NoSuchKey");
    assertThat(Sdk.status(() -> sdk.client().headObject(r -> r.bucket("tidemark").key("k")).join()))
        .isEqualTo(404);
    var elsewhere = new Sdk(sdk.client(), "no-such");
    assertThat(Sdk.code(() -> elsewhere.get("k"))).isEqualTo("NoSuchBucket");
    assertThat(Sdk.code(() -> elsewhere.put("k", "v"))).isEqualTo("NoSuchBucket");
    assertThat(Sdk.code(() -> elsewhere.list(""))).isEqualTo("NoSuchBucket");
  }

  @Test
  void conditionsHoldOrNothingHappens() {
    String etag = sdk.putIfAbsent("k", "1").eTag();
    assertThat(Sdk.status(() -> sdk.putIfAbsent("k", "2"))).isEqualTo(412);
    assertThat(Sdk.code(() -> sdk.putIfAbsent("k", "2"))).isEqualTo("PreconditionFailed");
    assertThat(sdk.text("k")).isEqualTo("1");

    String next = sdk.putIfMatch("k", etag, "3").eTag();
    assertThat(Sdk.status(() -> sdk.putIfMatch("k", etag, "4"))).isEqualTo(412);
    assertThat(Sdk.status(() -> sdk.putIfMatch("none", next, "4"))).isEqualTo(404);
    assertThat(sdk.text("k")).isEqualTo("3");

    assertThat(
            Sdk.status(() ->
                sdk.client()
                    .getObject(
                        r -> r.bucket("tidemark").key("k").ifNoneMatch(next),
                        AsyncResponseTransformer.toBytes())
                    .join()))
        .isEqualTo(304);
  }

  @Test
  void oneOfManyWinsAPutIfAbsent() throws Exception {
    int keys = 500;
    List<List<String>> winners =
        race(
            (writer, key) -> {
              String body = "writer " + writer;
              return Sdk.status(() -> sdk.putIfAbsent("slot/" + key, body)) == 200
                  ? List.of(body)
                  : List.of();
            },
            keys);

    for (int key = 0; key < keys; key++) {
      assertThat(winners.get(key)).as("key %d", key).hasSize(1);
      assertThat(sdk.text("slot/" + key)).isEqualTo(winners.get(key).getFirst());
    }
  }

  @Test
  void oneOfManyWinsAPutIfMatch() throws Exception {
    int keys = 100;
    var etags = new ArrayList<String>();
    for (int key = 0; key < keys; key++) {
      etags.add(sdk.put("slot/" + key, "first").eTag());
    }
    List<List<String>> winners =
        race(
            (writer, key) -> {
              String body = "writer " + writer;
              return Sdk.status(() -> sdk.putIfMatch("slot/" + key, etags.get(key), body)) == 200
                  ? List.of(body)
                  : List.of();
            },
            keys);

    for (int key = 0; key < keys; key++) {
      assertThat(winners.get(key)).as("key %d", key).hasSize(1);
      assertThat(sdk.text("slot/" + key)).isEqualTo(winners.get(key).getFirst());
    }
  }

  private interface Attempt {
    List<String> of(int writer, int key);
  }

  /// Who won each key, when all writers try it at once.
  private static List<List<String>> race(Attempt attempt, int keys) throws Exception {
    var won = new ArrayList<List<String>>();
    var barrier = new CyclicBarrier(WRITERS);
    try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
      var writers =
          IntStream.range(0, WRITERS)
              .<Callable<List<List<String>>>>mapToObj(writer ->
                  () -> {
                    var mine = new ArrayList<List<String>>();
                    for (int key = 0; key < keys; key++) {
                      var _ = barrier.await(10, TimeUnit.SECONDS);
                      mine.add(attempt.of(writer, key));
                    }
                    return mine;
                  })
              .toList();
      List<Future<List<List<String>>>> all = threads.invokeAll(writers);
      for (int key = 0; key < keys; key++) {
        var here = new ArrayList<String>();
        for (var mine : all) {
          here.addAll(mine.get().get(key));
        }
        won.add(here);
      }
    }
    return won;
  }

  @Test
  void rangesAreCutOut() {
    var _ = sdk.put("k", "0123456789");

    assertThat(sdk.range("k", "bytes=2-4")).isEqualTo("234");
    assertThat(sdk.range("k", "bytes=7-")).isEqualTo("789");
    assertThat(sdk.range("k", "bytes=-3")).isEqualTo("789");
    assertThat(sdk.range("k", "bytes=8-100")).isEqualTo("89");
    assertThat(Sdk.code(() -> sdk.range("k", "bytes=10-"))).isEqualTo("InvalidRange");
  }

  @Test
  void listsComeInOrderAndInPages() {
    var keys = new TreeSet<String>();
    for (int i = 0; i < 25; i++) {
      keys.add("p/%02d".formatted(i));
    }
    // Behind every other in UTF-8, though not in UTF-16.
    keys.add("p/\uffee");
    keys.add("p/\ud83d\ude00");
    for (String key : Stream.concat(keys.stream(), Stream.of("o", "q")).toList()) {
      var _ = sdk.put(key, key);
    }

    var pages = new ArrayList<Integer>();
    var seen = new ArrayList<String>();
    @Nullable String token = null;
    do {
      @Nullable String from = token;
      var page =
          sdk.client()
              .listObjectsV2(r ->
                  r.bucket("tidemark")
                      .prefix("p/")
                      .maxKeys(10)
                      .continuationToken(from)
                      .encodingType(EncodingType.URL))
              .join();
      pages.add(page.keyCount());
      page.contents().stream().map(S3Object::key).forEach(seen::add);
      token = page.nextContinuationToken();
      assertThat(page.isTruncated()).isEqualTo(token != null);
    } while (token != null);

    assertThat(pages).containsExactly(10, 10, 7);
    assertThat(seen)
        .containsExactlyInAnyOrderElementsOf(keys)
        .endsWith("p/\uffee", "p/\ud83d\ude00");
    assertThat(
            keysOf(
                sdk.client()
                    .listObjectsV2(r -> r.bucket("tidemark").prefix("p/").startAfter("p/22"))
                    .join()
                    .contents()))
        .containsExactly("p/23", "p/24", "p/\uffee", "p/\ud83d\ude00");
  }

  @Test
  void commonPrefixesCountOnce() {
    for (String key : List.of("a/1", "a/2", "b", "c/1", "c/2", "c/d/3", "d")) {
      var _ = sdk.put(key, key);
    }
    var seen = new ArrayList<String>();
    @Nullable String token = null;
    do {
      @Nullable String from = token;
      var page =
          sdk.client()
              .listObjectsV2(
                  r -> r.bucket("tidemark").delimiter("/").maxKeys(1).continuationToken(from))
              .join();
      assertThat(page.keyCount()).isEqualTo(1);
      seen.addAll(keysOf(page.contents()));
      page.commonPrefixes().stream().map(CommonPrefix::prefix).forEach(seen::add);
      token = page.nextContinuationToken();
    } while (token != null);

    assertThat(seen).containsExactly("a/", "b", "c/", "d");
    assertThat(keysOf(sdk.list("c/").contents())).containsExactly("c/1", "c/2", "c/d/3");
  }

  @Test
  void directoryBucketsListInNoOrder() {
    var fast = new Sdk(sdk.client(), "fast--use1-az4--x-s3");
    Set<String> keys =
        IntStream.range(0, 50).mapToObj("s/%02d"::formatted).collect(Collectors.toSet());
    for (String key : keys) {
      var _ = fast.put(key, key);
    }

    var seen = new ArrayList<String>();
    @Nullable String token = null;
    do {
      @Nullable String from = token;
      var page =
          sdk.client()
              .listObjectsV2(
                  r -> r.bucket(fast.bucket()).prefix("s/").maxKeys(8).continuationToken(from))
              .join();
      seen.addAll(keysOf(page.contents()));
      token = page.nextContinuationToken();
    } while (token != null);

    assertThat(seen)
        .containsExactlyInAnyOrderElementsOf(keys)
        .isNotEqualTo(List.copyOf(new TreeSet<>(keys)));
    assertThat(Sdk.code(() -> fast.list("s"))).isEqualTo("InvalidRequest");
  }

  @Test
  void manyAreDeletedAtOnce() {
    for (String key : List.of("a", "b", "c")) {
      var _ = sdk.put(key, key);
    }
    String tooLong = "k".repeat(1_025);
    var deleted = delete(false, "a", "none", tooLong);
    assertThat(deleted.deleted()).extracting("key").containsExactly("a", "none");
    assertThat(deleted.errors()).singleElement().matches(e -> e.code().equals("KeyTooLongError"));

    assertThat(delete(true, "b").deleted()).isEmpty();
    assertThat(keysOf(sdk.list("").contents())).containsExactly("c");
  }

  private software.amazon.awssdk.services.s3.model.DeleteObjectsResponse delete(
      boolean quiet, String... keys) {
    var objects = Stream.of(keys).map(key -> ObjectIdentifier.builder().key(key).build()).toList();
    return sdk.client()
        .deleteObjects(r ->
            r.bucket("tidemark").delete(Delete.builder().objects(objects).quiet(quiet).build()))
        .join();
  }

  @Test
  void everyChecksumIsCheckedAndKept() {
    for (var algorithm :
        List.of(
            ChecksumAlgorithm.CRC32,
            ChecksumAlgorithm.CRC32_C,
            ChecksumAlgorithm.SHA1,
            ChecksumAlgorithm.SHA256)) {
      String key = "k/" + algorithm;
      var _ =
          sdk.client()
              .putObject(
                  r -> r.bucket("tidemark").key(key).checksumAlgorithm(algorithm),
                  AsyncRequestBody.fromString("body " + algorithm))
              .join();
      var got =
          sdk.client()
              .getObject(
                  r -> r.bucket("tidemark").key(key).checksumMode(ChecksumMode.ENABLED),
                  AsyncResponseTransformer.toBytes())
              .join();
      assertThat(got.asUtf8String()).isEqualTo("body " + algorithm);
      assertThat(got.response().sdkHttpResponse().headers().keySet())
          .anyMatch(name -> name.startsWith("x-amz-checksum-"));
    }
    assertThat(
            Sdk.code(() ->
                sdk.client()
                    .putObject(
                        r -> r.bucket("tidemark").key("k").checksumCRC32C("AAAAAA=="),
                        AsyncRequestBody.fromString("other"))
                    .join()))
        .isEqualTo("BadDigest");
    assertThat(
            Sdk.code(() ->
                sdk.client()
                    .putObject(
                        r -> r.bucket("tidemark").key("k").contentMD5("XUFAKrxLKna5cZ2REBfFkg=="),
                        AsyncRequestBody.fromString("not hello"))
                    .join()))
        .isEqualTo("BadDigest");
    assertThat(keysOf(sdk.list("").contents())).hasSize(4);
  }

  @Test
  void bucketsAreMadeAndNamed() {
    var _ = sdk.client().createBucket(r -> r.bucket("other")).join();
    assertThat(Sdk.code(() -> sdk.client().createBucket(r -> r.bucket("other")).join()))
        .isEqualTo("BucketAlreadyOwnedByYou");
    assertThat(sdk.client().listBuckets().join().buckets())
        .extracting("name")
        .containsExactly("fast--use1-az4--x-s3", "other", "tidemark");
    assertThat(sdk.client().headBucket(r -> r.bucket("other")).join().bucketRegion())
        .isEqualTo("us-east-1");
    assertThat(Sdk.status(() -> sdk.client().headBucket(r -> r.bucket("none")).join()))
        .isEqualTo(404);
    assertThat(
            sdk.client()
                .getBucketLocation(r -> r.bucket("other"))
                .join()
                .locationConstraintAsString())
        .isNullOrEmpty();
  }

  @Test
  void whatIsNotHereIsRefusedByName() {
    var _ = sdk.put("k", "v");
    assertThat(
            Sdk.code(() ->
                sdk.client()
                    .copyObject(r ->
                        r.sourceBucket("tidemark")
                            .sourceKey("k")
                            .destinationBucket("tidemark")
                            .destinationKey("l"))
                    .join()))
        .isEqualTo("NotImplemented");
    assertThat(
            Sdk.code(() ->
                sdk.client().createMultipartUpload(r -> r.bucket("tidemark").key("l")).join()))
        .isEqualTo("NotImplemented");
    assertThat(Sdk.code(() -> sdk.get("l"))).isEqualTo("NoSuchKey");
  }

  private static List<String> keysOf(List<S3Object> objects) {
    return objects.stream().map(S3Object::key).toList();
  }
}
