package io.tidemark.log.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.log.s3.S3Options.Credentials;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The store on a real S3 server that is not ours: Ceph's gateway, where Debian's packages of it
/// are.
class RadosgwTest extends ObjectStoreContract {
  private static final List<String> PROGRAMS =
      List.of("radosgw", "ceph-mon", "ceph-osd", "ceph", "monmaptool", "radosgw-admin", "curl");
  private static final AtomicInteger ROOTS = new AtomicInteger();

  @TempDir static Path dir;

  @SuppressWarnings("NullAway.Init")
  private static Process gateway;

  private static String endpoint = "";

  private final String root = "root-" + ROOTS.incrementAndGet();
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    for (String program : PROGRAMS) {
      assumeTrue(
          isInstalled(program), program + " is not there: install ceph-mon ceph-osd radosgw");
    }
    assumeTrue("root".equals(System.getProperty("user.name")), "Ceph's daemons start as root");
    String script = projectRoot().resolve("scripts/radosgw").toString();
    gateway =
        new ProcessBuilder(script, dir.resolve("ceph").toString(), freePort(), freePort())
            .redirectError(dir.resolve("errors").toFile())
            .start();
    var output =
        new BufferedReader(new InputStreamReader(gateway.getInputStream(), StandardCharsets.UTF_8));
    String ready = output.readLine();
    assertThat(ready)
        .as(Files.readString(dir.resolve("errors")))
        .isNotNull()
        .startsWith("ready http://");
    endpoint = ready.substring("ready ".length());
    createBucket();
  }

  private static void createBucket() {
    var loops = AwsClients.loops();
    try (var http = AwsClients.http(loops);
        var client = AwsClients.s3(options(), http)) {
      var _ = client.createBucket(r -> r.bucket("tidemark")).join();
    }
    var _ = loops.shutdownGracefully();
  }

  @AfterAll
  static void stop() throws Exception {
    if (gateway != null) {
      // The script ends its daemons when its input ends.
      gateway.getOutputStream().close();
      assertThat(gateway.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private static S3Options options() {
    return S3Options.DEFAULT
        .at(Optional.of(URI.create(endpoint)), Optional.empty(), true)
        .as(new Credentials("test", "testtesttest", Optional.empty()));
  }

  private AwsObjectStore open(String bucket, S3Options options) {
    var store = AwsObjectStore.open(bucket, root, options, Duration.ofSeconds(30));
    open.add(store);
    return store;
  }

  @Override
  ObjectStore open() {
    return open("tidemark", options());
  }

  @Test
  void itsRefusalsAreUnderstood() {
    var wrongKey = new Credentials("nobody", "testtesttest", Optional.empty());
    assertRefused("tidemark", options().as(wrongKey), "AWS_ACCESS_KEY_ID");
    var wrongSecret = new Credentials("test", "wrong", Optional.empty());
    assertRefused("tidemark", options().as(wrongSecret), "AWS_SECRET_ACCESS_KEY");
    assertRefused("no-such-bucket", options(), "there is no bucket 'no-such-bucket'");
  }

  private void assertRefused(String bucket, S3Options options, String told) {
    var store = open(bucket, options);
    assertThat(AwsObjectStoreTest.failure(() -> store.putIfAbsent("k", BODY).join()))
        .isInstanceOf(StoreException.Refused.class)
        .hasMessageContaining(told);
    assertThat(AwsObjectStoreTest.failure(() -> store.get("k").join()))
        .isInstanceOf(StoreException.Refused.class)
        .hasMessageContaining(told);
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static String freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return Integer.toString(socket.getLocalPort());
    }
  }

  private static Path projectRoot() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isExecutable(at.resolve("scripts/radosgw"))) {
        return at;
      }
    }
    throw new IllegalStateException("run inside the project");
  }
}
