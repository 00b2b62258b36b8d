package io.tidemark.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.tidemark.api.v1.GetRequest;
import io.tidemark.api.v1.KeyValueGrpc;
import io.tidemark.api.v1.PutRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The commands as processes of their own, with real signals.
@Timeout(300)
class ProcessTest {
  private static final Pattern GRPC =
      Pattern.compile("(listening|ready) grpc=\\S+:(\\d+) admin=.*");
  private static final Pattern LISTEN = Pattern.compile("ready listen=\\S+:(\\d+)");

  @TempDir Path directory;

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void aReplicaServesEndsCleanlyOnSigtermAndKeepsWhatItAcknowledged() throws Exception {
    Running first = serve("first");
    first.line(GRPC);
    int port = Integer.parseInt(first.line(GRPC).group(2));
    call(port, client -> client.put(put("tide", "high")));

    first.process.destroy();

    assertThat(first.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(first.process.exitValue()).isEqualTo(143);
    assertThat(Files.readString(first.errors))
        .contains("data directory", "log journal:", "listening grpc=", "ready; log id", "closed\n")
        .doesNotContain("\tat ");
    Running second = serve("second");
    second.line(GRPC);
    int again = Integer.parseInt(second.line(GRPC).group(2));
    assertThat(call(again, client -> client.get(get("tide"))).getPair().getValue().toStringUtf8())
        .isEqualTo("high");
  }

  @Test
  void aSecondProcessOnADataDirectoryIsToldInOneLineAndExitsWithOne() throws Exception {
    serve("first").line(GRPC);

    Running second = serve("second");

    assertThat(second.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(second.process.exitValue()).isEqualTo(1);
    assertThat(
            Files.readString(second.errors).lines().filter(line -> line.startsWith("tidemark: ")))
        .singleElement()
        .asString()
        .contains(directory.toString())
        .contains("in use");
  }

  @Test
  void aReplicaOfALogServerListensBeforeItsLogIsThereAndIsReadyAfter() throws Exception {
    Running log = logServer("log", 0);
    int logPort = Integer.parseInt(log.line(LISTEN).group(1));
    log.process.destroy();
    assertThat(log.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Running replica = serve("replica", "--log=remote:127.0.0.1:" + logPort);
    assertThat(replica.line(GRPC).group(1)).isEqualTo("listening");

    logServer("log-again", logPort).line(LISTEN);

    Matcher ready = replica.line(GRPC);
    assertThat(ready.group(1)).isEqualTo("ready");
    int port = Integer.parseInt(ready.group(2));
    call(port, client -> client.put(put("tide", "low")));
    assertThat(call(port, client -> client.get(get("tide"))).hasPair()).isTrue();
  }

  private Running serve(String name, String... more) throws IOException {
    var arguments = new ArrayList<String>();
    arguments.add("serve");
    arguments.add("--data=" + directory.resolve("data"));
    arguments.add("--grpc=127.0.0.1:0");
    arguments.add("--admin=127.0.0.1:0");
    arguments.addAll(List.of(more));
    return start(name, arguments);
  }

  private Running logServer(String name, int port) throws IOException {
    return start(
        name,
        List.of(
            "log-server",
            "--log=journal:" + directory.resolve("journal"),
            "--listen=127.0.0.1:" + port));
  }

  private Running start(String name, List<String> arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(TestMain.class.getName());
    command.addAll(arguments);
    Path errors = directory.resolve(name + ".err");
    var builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("TIDEMARK_"));
    Process process = builder.start();
    processes.add(process);
    return new Running(process, errors, process.inputReader());
  }

  private static <T> T call(int port, Function<KeyValueGrpc.KeyValueBlockingStub, T> call)
      throws InterruptedException {
    var channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      return call.apply(
          KeyValueGrpc.newBlockingStub(channel).withDeadlineAfter(90, TimeUnit.SECONDS));
    } finally {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  private static PutRequest put(String key, String value) {
    return PutRequest.newBuilder()
        .setKey(ByteString.copyFromUtf8(key))
        .setValue(ByteString.copyFromUtf8(value))
        .build();
  }

  private static GetRequest get(String key) {
    return GetRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
  }

  /// A process, the file of its standard error, and its standard output.
  private record Running(Process process, Path errors, BufferedReader output) {
    Matcher line(Pattern shape) throws IOException {
      String line = output.readLine();
      assertThat(line).as(() -> "the next line; errors: " + said()).isNotNull();
      Matcher matcher = shape.matcher(line);
      assertThat(matcher.matches()).as(line).isTrue();
      return matcher;
    }

    private String said() {
      try {
        return Files.readString(errors);
      } catch (IOException unreadable) {
        return unreadable.toString();
      }
    }
  }
}
