package io.tidemark.log.stores;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A server that speaks S3 and is not ours, with one empty bucket, as processes of its own on the
/// loopback address. For one thread.
public final class ForeignStore implements AutoCloseable {
  /// The bucket it holds.
  public static final String BUCKET = "tidemark";

  private static final String ACCESS_KEY = "test";
  private static final String SECRET_KEY = "testtesttest";
  private static final long WAIT_SECONDS_MAX = 60;

  private static final List<String> CEPH =
      List.of("radosgw", "ceph-mon", "ceph-osd", "ceph", "monmaptool", "radosgw-admin", "curl");

  private final Process process;
  private final String endpoint;
  private final Path directory;

  private ForeignStore(Process process, String endpoint, Path directory) {
    this.process = process;
    this.endpoint = endpoint;
    this.directory = directory;
  }

  /// Why Ceph's gateway cannot be started on this machine; nothing if it can.
  public static Optional<String> whyNoRadosgw() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.of("Ceph's daemons start as root only");
    }
    return CEPH.stream()
        .filter(program -> !isInstalled(program))
        .findFirst()
        .map(program -> program + " is not there: install ceph-mon ceph-osd radosgw curl");
  }

  /// Starts Ceph's gateway, one monitor and one OSD, which keeps everything in memory.
  public static ForeignStore radosgw(Path directory) throws IOException {
    String script = projectRoot().resolve("scripts/radosgw").toString();
    return start(
        directory,
        "ready http",
        port -> List.of(script, directory.resolve("ceph").toString(), "" + port, "" + freePort()));
  }

  /// Starts S3Proxy from this jar, with its objects as files.
  public static ForeignStore s3proxy(Path jar, Path directory) throws IOException {
    Files.createDirectories(directory.resolve("objects").resolve(BUCKET));
    Path settings = directory.resolve("s3proxy.conf");
    return start(
        directory,
        ".ServerConnector@",
        port -> {
          Files.writeString(
              settings,
              """
              s3proxy.authorization=aws-v2-or-v4
              s3proxy.identity=%s
              s3proxy.credential=%s
              s3proxy.endpoint=http://127.0.0.1:%d
              jclouds.provider=filesystem-nio2
              jclouds.filesystem.basedir=%s
              """
                  .formatted(ACCESS_KEY, SECRET_KEY, port, directory.resolve("objects")));
          return List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx256m",
              "-jar",
              jar.toString(),
              "--properties",
              settings.toString());
        });
  }

  private interface Command {
    List<String> on(int port) throws IOException;
  }

  private static ForeignStore start(Path directory, String readyLine, Command command)
      throws IOException {
    Files.createDirectories(directory);
    int port = freePort();
    Path errors = directory.resolve("errors");
    Process process = new ProcessBuilder(command.on(port)).redirectError(errors.toFile()).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    var store = new ForeignStore(process, "http://127.0.0.1:" + port, directory);
    BufferedReader output = process.inputReader();
    var printed = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      printed.append(line).append('\n');
      if (line.contains(readyLine)) {
        Thread.ofVirtual().name("output-of-store").start(() -> output.lines().forEach(_ -> {}));
        return store;
      }
    }
    throw new IOException("the store did not start: " + printed + Files.readString(errors));
  }

  /// Where it listens: a URL.
  public String endpoint() {
    return endpoint;
  }

  /// What requests are to be signed with: the name of the key.
  public String accessKey() {
    return ACCESS_KEY;
  }

  /// What requests are to be signed with: the secret.
  public String secretKey() {
    return SECRET_KEY;
  }

  /// `kill -9` of Ceph's gateway, whose data is elsewhere; waits until it is gone. It is started
  /// again soon after.
  public void killGateway() {
    ProcessHandle gateway = gateway();
    gateway.destroyForcibly();
    gateway.onExit().orTimeout(WAIT_SECONDS_MAX, TimeUnit.SECONDS).join();
  }

  private ProcessHandle gateway() {
    try {
      String pid = Files.readString(directory.resolve("ceph/gateway.pid")).trim();
      return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      // The script of Ceph's daemons ends them, as it does when its input ends.
      process.destroy();
      if (!process.waitFor(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the store did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
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
