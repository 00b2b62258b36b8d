package io.tidemark.processes;

import io.tidemark.log.stores.ForeignStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/// How much is stored: below a directory, or below a prefix of a bucket.
final class Sizes implements AutoCloseable {
  private final S3AsyncClient client;

  private Sizes(S3AsyncClient client) {
    this.client = client;
  }

  /// Looks into the bucket of our own endpoint.
  static Sizes ofBucket(String endpoint) {
    return new Sizes(
        S3AsyncClient.builder()
            .endpointOverride(URI.create(endpoint))
            .forcePathStyle(true)
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("anybody", "x")))
            .build());
  }

  /// The sum of the objects' sizes, in bytes.
  long of(String prefix) {
    var sum = new AtomicLong();
    client
        .listObjectsV2Paginator(list -> list.bucket(ForeignStore.BUCKET).prefix(prefix))
        .contents()
        .subscribe(object -> sum.addAndGet(object.size()))
        .join();
    return sum.get();
  }

  /// The sum of the files' sizes, in bytes; files that vanish meanwhile do not count.
  static long ofDirectory(Path directory) {
    var sum = new AtomicLong();
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              sum.addAndGet(attributes.size());
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException vanished) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sum.get();
  }

  @Override
  public void close() {
    client.close();
  }
}
