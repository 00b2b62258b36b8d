package io.tidemark.log.s3;

import io.tidemark.log.stores.ForeignStore;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// S3Proxy, with its objects as files: a second opinion of what put-if-absent means.
class S3ProxyTest extends StoreContract {
  @TempDir static Path directory;

  @SuppressWarnings("NullAway.Init")
  private static ForeignStore proxy;

  @BeforeAll
  static void start() throws IOException {
    Path jar = Path.of("target/s3proxy/s3proxy-jar-with-dependencies.jar").toAbsolutePath();
    proxy = ForeignStore.s3proxy(jar, directory);
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  @Override
  S3Options options() {
    return at(proxy.endpoint(), proxy.accessKey(), proxy.secretKey());
  }
}
