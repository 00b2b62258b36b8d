package io.tidemark.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tidemark.base.Bytes;
import io.tidemark.cli.ClientCommands;
import io.tidemark.cli.Streams;
import io.tidemark.devs3.Account;
import io.tidemark.devs3.DevS3;
import io.tidemark.devs3.DevS3Config;
import io.tidemark.devs3.Operation;
import io.tidemark.log.Log;
import io.tidemark.log.LogAddress;
import io.tidemark.log.Logs;
import io.tidemark.log.Precondition;
import io.tidemark.log.s3.Budget;
import io.tidemark.log.s3.S3Options;
import io.tidemark.replica.ReplicaConfig;
import io.tidemark.server.LogServerAdmin;
import io.tidemark.server.ServerConfig;
import io.tidemark.server.TidemarkServer;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// What a bucket costs, from the requests that an endpoint saw to what an operator reads.
class BucketStatusTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @Command(name = "tidemark")
  private static final class Root {}

  @TempDir private Path directory = Path.of("");
  private DevS3 s3;
  private LogAddress log;
  private TidemarkServer server;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  BucketStatusTest() {}

  @BeforeEach
  void open() throws Exception {
    s3 = DevS3.start(DevS3Config.inMemory().withAccounts(List.of(Account.of("key", "secret"))));
    var options =
        S3Options.DEFAULT
            .at(Optional.of(URI.create(s3.endpoint())), Optional.empty(), true)
            .as(new S3Options.Credentials("key", "secret", Optional.empty()))
            .withCost(Optional.empty(), Optional.of(new Budget(50, Duration.ofSeconds(1))));
    log = new LogAddress.S3("tidemark", "db", options);
    server =
        TidemarkServer.open(
            ServerConfig.of(
                ReplicaConfig.of(directory, log), log.toString(), ANY, Optional.of(ANY)));
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    s3.close();
  }

  @Test
  void statusAndMetricsTellWhatTheEndpointWasAsked() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(run("put", "city", "Utrecht " + i)).startsWith("ok, revision ");
      assertThat(run("get", "city")).isEqualTo("Utrecht " + i + "\n");
    }

    assertThat(run("status"))
        .contains(" on requests to its log in ")
        .contains(", of $50 an hour")
        .containsPattern(
            "\n  put \\d+ \\(\\d+ missed\\), get \\d+ \\(\\d+ missed\\), list 0, delete 1;")
        .containsPattern("\n  writes +\\$[0-9.]+ a million \\(20 so far\\); lately \\$")
        .containsPattern("\n  strong reads +\\$[0-9.]+ a million \\(10 so far\\); lately \\$");

    // Whoever follows the log goes on asking meanwhile, but nobody puts.
    JsonObject cost = JsonParser.parseString(run("status", "-o", "json")).getAsJsonObject();
    long puts = 0;
    for (JsonElement line : cost.getAsJsonObject("cost").getAsJsonArray("requests")) {
      JsonObject each = line.getAsJsonObject();
      puts += each.get("kind").getAsString().equals("put") ? each.get("requests").getAsLong() : 0;
    }
    assertThat(puts).isEqualTo(s3.counts().requests(Operation.PUT_OBJECT));
    String metrics = metrics(server.adminPort().orElseThrow());
    assertThat(metrics)
        .contains("# HELP tidemark_log_dollars What requests cost since the log was opened,")
        .contains("\ntidemark_log_requests_total{kind=\"put\",purpose=\"append\"} ")
        .contains("\ntidemark_log_budget_dollars_per_hour 50.0\n")
        .contains("\ntidemark_replica_dollars_per_million_strong_reads{since=\"start\"} ");
    assertThat(metrics.lines().filter(line -> line.startsWith("# HELP tidemark_log_")))
        .hasSize(9)
        .allMatch(line -> line.split(" ").length > 5);
  }

  @Test
  void aLogServerTellsItToo() throws Exception {
    try (Log opened = Logs.open(log);
        var admin = LogServerAdmin.open(ANY, opened, Duration.ofSeconds(2), new MetricRegistry())) {
      var _ = opened.append(List.of(Bytes.utf8("record")), Precondition.NONE).join();

      assertThat(metrics(admin.port()))
          .contains("\ntidemark_log_records_appended_total 1\n")
          .containsPattern("\ntidemark_log_dollars\\{kind=\"put\",purpose=\"append\"} [1-9]");
    }
  }

  private static String metrics(int port) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
            BodyHandlers.ofString())
        .body();
  }

  private String run(String... words) {
    var args = List.of(words).toArray(new String[words.length + 2]);
    args[words.length] = "--endpoint";
    args[words.length + 1] = "127.0.0.1:" + server.grpcPort();
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var root = new CommandLine(new Root());
    ClientCommands.addTo(
        root,
        args,
        new Streams(
            InputStream.nullInputStream(),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8)));
    assertThat(root.execute(args)).as(err.toString(StandardCharsets.UTF_8)).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }
}
