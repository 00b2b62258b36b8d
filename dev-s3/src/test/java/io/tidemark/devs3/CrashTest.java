package io.tidemark.devs3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is in the directory after the process was killed, or the disk has changed something.
class CrashTest {
  private static final int ROUNDS = 3;
  private static final int WRITERS = 16;
  private static final int SLOTS_UNTIL_KILLED = 120;

  @TempDir Path dir;

  /// Who was told that its body is in a slot, over all rounds.
  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();

  @Test
  void whatWasAcknowledgedIsThereAfterAKillUnderLoad() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      try (var endpoint = EndpointProcess.start(dir)) {
        checkAll(endpoint);
        race(endpoint, round * 1_000);
      }
    }
    try (var endpoint = EndpointProcess.start(dir)) {
      checkAll(endpoint);
      assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ROUNDS * SLOTS_UNTIL_KILLED);
    }
  }

  /// All writers race for one slot after another until the endpoint is killed. A slot whose winner
  /// was never told is raced for again in the next round: then it has one winner or is taken.
  private void race(EndpointProcess endpoint, int first) throws Exception {
    var enough = new CountDownLatch(SLOTS_UNTIL_KILLED);
    var next = new AtomicInteger(first);
    try (var sdk = Sdk.of(endpoint.endpoint(), Sdk.ANYBODY, "tidemark");
        var threads = Executors.newFixedThreadPool(WRITERS)) {
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        String name = "round " + first + " writer " + writer;
        writers.add(threads.submit(() -> write(sdk, name, next, enough)));
      }
      enough.await();
      endpoint.kill();
      for (Future<?> writer : writers) {
        writer.get();
      }
    }
  }

  private void write(Sdk sdk, String name, AtomicInteger next, CountDownLatch enough) {
    while (true) {
      int slot = next.get();
      String key = "slot/" + slot;
      try {
        if (Sdk.status(() -> sdk.putIfAbsent(key, name)) == 200) {
          assertThat(acknowledged.put(key, name)).as("one winner of %s", key).isNull();
          enough.countDown();
        }
        var _ = next.compareAndSet(slot, slot + 1);
      } catch (CompletionException killed) {
        return;
      }
    }
  }

  private void checkAll(EndpointProcess endpoint) {
    try (var sdk = Sdk.of(endpoint.endpoint(), Sdk.ANYBODY, "tidemark")) {
      acknowledged.forEach((key, body) -> assertThat(sdk.text(key)).as(key).isEqualTo(body));
      for (var object : sdk.list("").contents()) {
        String body = sdk.text(object.key());
        assertThat(body).matches("round \\d+ writer \\d+").hasSize(object.size().intValue());
        assertThat(acknowledged.getOrDefault(object.key(), body)).isEqualTo(body);
        assertThat(Sdk.status(() -> sdk.putIfAbsent(object.key(), "late"))).isEqualTo(412);
      }
    }
  }

  @Test
  void whatWasHalfWrittenIsForgotten() throws IOException {
    Path fresh = dir.resolve("buckets/tidemark/new");
    try (var s3 = DevS3.start(config());
        var sdk = Sdk.of(s3)) {
      var _ = sdk.put("k", "v");
    }
    Files.writeString(fresh.resolve("17"), "half");
    Files.createDirectories(dir.resolve("buckets/half-made"));
    try (var s3 = DevS3.start(config());
        var sdk = Sdk.of(s3)) {
      assertThat(sdk.text("k")).isEqualTo("v");
      assertThat(s3.objectCount("tidemark")).isEqualTo(1);
      assertThat(fresh).isEmptyDirectory();
      assertThat(s3.objectCount("half-made")).isZero();
    }
  }

  @Test
  void damageIsNeverServed() throws IOException {
    try (var s3 = DevS3.start(config());
        var sdk = Sdk.of(s3)) {
      var _ = sdk.put("k", "value");
      byte[] bytes = Files.readAllBytes(objectFile());
      bytes[bytes.length - 1] ^= 1;
      Files.write(objectFile(), bytes);
      assertThat(Sdk.status(() -> sdk.text("k"))).isEqualTo(500);
    }
    byte[] bytes = Files.readAllBytes(objectFile());
    bytes[20] ^= 1;
    Files.write(objectFile(), bytes);
    assertThatThrownBy(() -> DevS3.start(config()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("damaged")
        .hasMessageContaining(objectFile().getFileName().toString());
    Files.write(objectFile(), new byte[3]);
    assertThatThrownBy(() -> DevS3.start(config())).isInstanceOf(IOException.class);
  }

  @Test
  void oneProcessUsesADirectoryAtATime() throws IOException {
    try (var _ = DevS3.start(config())) {
      assertThatThrownBy(() -> DevS3.start(config())).hasMessageContaining("another process");
    }
    DevS3.start(config()).close();
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (var s3 = DevS3.start(DevS3Config.inMemory())) {
      var same = new InetSocketAddress(InetAddress.getLoopbackAddress(), s3.port());
      assertThatThrownBy(() -> DevS3.start(DevS3Config.inMemory().withListen(same)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on localhost:" + s3.port());
    }
  }

  private DevS3Config config() {
    return DevS3Config.inMemory().withDir(dir);
  }

  private Path objectFile() throws IOException {
    try (var files = Files.list(dir.resolve("buckets/tidemark/objects"))) {
      return files.findFirst().orElseThrow();
    }
  }
}
