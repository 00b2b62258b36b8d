package io.tidemark.log.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.s3.S3Options.Credentials;
import io.tidemark.log.stores.ForeignStore;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a log needs of an object store, on a store that is not ours, which was started before.
abstract class StoreContract extends ObjectStoreContract {
  private static final AtomicInteger ROOTS = new AtomicInteger();

  private final String root = "root-" + ROOTS.incrementAndGet();
  private final List<AutoCloseable> open = new ArrayList<>();

  /// How the store is reached.
  abstract S3Options options();

  static S3Options at(String endpoint, String accessKey, String secretKey) {
    return S3Options.DEFAULT
        .at(Optional.of(URI.create(endpoint)), Optional.empty(), true)
        .as(new Credentials(accessKey, secretKey, Optional.empty()));
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Override
  ObjectStore open() {
    return open(ForeignStore.BUCKET, options());
  }

  private AwsObjectStore open(String bucket, S3Options options) {
    var store = AwsObjectStore.open(bucket, root, options, Duration.ofSeconds(30));
    open.add(store);
    return store;
  }

  @Test
  void itsRefusalsAreUnderstood() {
    String secret = options().credentials().orElseThrow().secretKey();
    var wrongKey = new Credentials("nobody", secret, Optional.empty());
    assertRefused(ForeignStore.BUCKET, options().as(wrongKey), "AWS_ACCESS_KEY_ID");
    String key = options().credentials().orElseThrow().accessKey();
    var wrongSecret = new Credentials(key, "a-wrong-secret", Optional.empty());
    assertRefused(ForeignStore.BUCKET, options().as(wrongSecret), "AWS_SECRET_ACCESS_KEY");
    assertRefused("no-such-bucket", options(), "there is no bucket 'no-such-bucket'");
  }

  private void assertRefused(String bucket, S3Options options, String told) {
    var store = open(bucket, options);
    assertThat(failure(() -> store.putIfAbsent("k", BODY).join()))
        .isInstanceOf(StoreException.Refused.class)
        .hasMessageContaining(told);
    assertThat(failure(() -> store.get("k").join()))
        .isInstanceOf(StoreException.Refused.class)
        .hasMessageContaining(told);
  }
}
