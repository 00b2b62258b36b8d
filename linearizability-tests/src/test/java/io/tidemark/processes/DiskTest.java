package io.tidemark.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.base.Bytes;
import io.tidemark.client.Consistency;
import io.tidemark.client.KeyValue;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One server with its journal in its own directory, on a disk that plays tricks.
class DiskTest {
  private static final int WRITES = 50;

  @TempDir Path directory;

  private final int port = Ports.free();

  @Test
  void aTornTailIsCutAndNothingAcknowledgedIsLost() throws Exception {
    writeAndKill();
    Path segment = newestSegment();
    long end = endOfData(segment);
    // The begin of a frame whose rest never reached the disk.
    edit(segment, end, ByteBuffer.wrap(new byte[] {'T', 'F', 'D', '1', 0, 0, 0, 1, 0, 0}));

    try (var server = serve();
        var client = client()) {
      server.awaitLine("^ready");
      assertEveryWriteIsThere(client, WRITES);
      client.put(Bytes.utf8("after"), Bytes.utf8("the cut"));
    }
  }

  @Test
  void aFlippedByteInTheMiddleOfTheJournalIsRefusedWithItsPlace() throws Exception {
    writeAndKill();
    Path segment = newestSegment();
    long middle = (4096 + endOfData(segment)) / 2;
    byte flipped = (byte) (Files.readAllBytes(segment)[(int) middle] ^ 0x10);
    edit(segment, middle, ByteBuffer.wrap(new byte[] {flipped}));

    try (var server = serve()) {
      assertThat(server.awaitExit()).isEqualTo(1);
      assertThat(server.output())
          .contains(segment.getFileName().toString())
          .contains("offset")
          .contains("position")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void aSecondServerOnOneDirectoryIsRefused() {
    try (var first = serve()) {
      first.awaitLine("^ready");
      try (var second =
          Program.start("second", directory, arguments(Ports.free(), directory.resolve("data")))) {
        assertThat(second.awaitExit()).isEqualTo(1);
        assertThat(second.output()).contains("data").doesNotContain("\tat ");
      }
      assertThat(first.isAlive()).isTrue();
    }
  }

  @Test
  void aFullDiskEndsWritesWithAClearErrorAndLosesNothingThatWasAcknowledged() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=150m", "tidemark-test", disk.toString()),
        "mounting a small file system needs root");
    try {
      var acknowledged = new ArrayList<Bytes>();
      var data = disk.resolve("data");
      Bytes value = Bytes.wrap(new byte[1 << 20]);
      try (var server = Program.start("full", directory, arguments(port, data));
          var client = client()) {
        server.awaitLine("^ready");
        writeUntilRefused(client, acknowledged, value);
        // The journal refuses to append, and goes on; or the view cannot be written, and it ends.
        server.awaitLine("(?i)no space left|disk is full");
        if (server.isAlive()) {
          assertThat(client.get(acknowledged.getFirst(), Consistency.local()).pair()).isPresent();
          server.kill();
        } else {
          assertThat(server.awaitExit()).isEqualTo(1);
        }
      }
      assertThat(acknowledged).hasSizeGreaterThan(20);
      assertThat(run("mount", "-o", "remount,size=600m", disk.toString())).isTrue();
      try (var server = Program.start("freed", directory, arguments(port, data));
          var client = client()) {
        server.awaitLine("^ready");
        for (Bytes key : acknowledged) {
          assertThat(client.get(key).pair().map(KeyValue::value)).contains(value);
        }
        client.put(Bytes.utf8("after"), Bytes.utf8("space came back"));
      }
    } finally {
      run("umount", "-l", disk.toString());
    }
  }

  private static void writeUntilRefused(
      TidemarkClient client, List<Bytes> acknowledged, Bytes value) {
    for (int i = 0; i < 500; i++) {
      Bytes key = Bytes.utf8("big" + i);
      try {
        client.put(key, value);
        acknowledged.add(key);
      } catch (TidemarkException refused) {
        return;
      }
    }
    throw new AssertionError("the disk was never full");
  }

  private void writeAndKill() {
    try (var server = serve();
        var client = client()) {
      server.awaitLine("^ready");
      for (int i = 0; i < WRITES; i++) {
        client.put(Bytes.utf8("k" + i), Bytes.utf8("value " + i));
      }
      server.kill();
    }
  }

  private static void assertEveryWriteIsThere(TidemarkClient client, int writes) {
    for (int i = 0; i < writes; i++) {
      assertThat(client.get(Bytes.utf8("k" + i)).pair().map(KeyValue::value))
          .contains(Bytes.utf8("value " + i));
    }
  }

  private Program serve() {
    return Program.start("server", directory, arguments(port, directory.resolve("data")));
  }

  private TidemarkClient client() {
    return TidemarkClient.builder()
        .endpoints("127.0.0.1:" + port)
        .deadline(Duration.ofSeconds(10))
        .build();
  }

  private static List<String> arguments(int port, Path data) {
    return List.of(
        "serve",
        "--data",
        data.toString(),
        "--grpc",
        "127.0.0.1:" + port,
        "--admin",
        "127.0.0.1:0");
  }

  private Path newestSegment() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("data").resolve("log"))) {
      return files.filter(file -> file.toString().endsWith(".seg")).sorted().toList().getLast();
    }
  }

  /// Where the zeros begin that a segment is filled with, at a multiple of 8.
  private static long endOfData(Path segment) throws IOException {
    byte[] all = Files.readAllBytes(segment);
    int end = all.length;
    while (all[end - 1] == 0) {
      end--;
    }
    return (end + 7) & ~7L;
  }

  private static void edit(Path file, long offset, ByteBuffer bytes) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(bytes, offset);
    }
  }

  private static boolean run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
