package io.tidemark.log.s3;

import io.tidemark.log.stores.ForeignStore;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.testcontainers.containers.MinIOContainer;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

/// MinIO, where Docker is.
@Testcontainers(disabledWithoutDocker = true)
class MinioTest {
  @Container
  private static final MinIOContainer MINIO =
      new MinIOContainer("minio/minio:RELEASE.2025-09-07T16-13-09Z");

  @BeforeAll
  static void createBucket() {
    var loops = AwsClients.loops();
    try (var http = AwsClients.http(loops);
        var client = AwsClients.s3(reached(), http)) {
      var _ = client.createBucket(r -> r.bucket(ForeignStore.BUCKET)).join();
    }
    var _ = loops.shutdownGracefully();
  }

  private static S3Options reached() {
    return StoreContract.at(MINIO.getS3URL(), MINIO.getUserName(), MINIO.getPassword());
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
