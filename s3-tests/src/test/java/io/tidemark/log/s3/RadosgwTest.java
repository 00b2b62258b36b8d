package io.tidemark.log.s3;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.log.stores.ForeignStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/// Ceph's gateway, where Debian's packages of it are.
class RadosgwTest {
  @TempDir static Path directory;

  @SuppressWarnings("NullAway.Init")
  private static ForeignStore gateway;

  @BeforeAll
  static void start() throws IOException {
    Optional<String> why = ForeignStore.whyNoRadosgw();
    assumeTrue(why.isEmpty(), why.orElse(""));
    gateway = ForeignStore.radosgw(directory);
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  private static S3Options reached() {
    return StoreContract.at(gateway.endpoint(), gateway.accessKey(), gateway.secretKey());
  }

  @Nested
  class Store extends StoreContract {
    @Override
    S3Options options() {
      return reached();
    }
  }

  @Nested
  class Bucket extends BucketContract {
    @Override
    S3Options options() {
      return reached();
    }
  }
}
