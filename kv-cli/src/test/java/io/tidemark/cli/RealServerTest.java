package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.memory.MemoryLog;
import io.tidemark.replica.ReplicaConfig;
import io.tidemark.server.ServerConfig;
import io.tidemark.server.TidemarkServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The verbs against two servers on one log.
class RealServerTest {
  @TempDir private Path folder = Path.of("");

  private final MemoryLog log = MemoryLog.create();
  private final List<TidemarkServer> servers = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    for (String name : List.of("first", "second")) {
      servers.add(
          TidemarkServer.open(
              ServerConfig.of(
                  ReplicaConfig.of(folder.resolve(name), log),
                  "memory:",
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                  Optional.empty())));
    }
  }

  @AfterEach
  void close() {
    servers.forEach(TidemarkServer::close);
    log.close();
  }

  private String endpoint(int number) {
    return "127.0.0.1:" + servers.get(number).grpcPort();
  }

  private Shell.Ran at(int number, String... args) {
    var all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--endpoint", endpoint(number), "--timeout", "20s"));
    return Shell.runAsGiven(new byte[0], all.toArray(String[]::new));
  }

  @Test
  void whatIsWrittenAtOneIsReadAtTheOther() {
    assertThat(at(0, "put", "tide", "high").err()).isEmpty();
    assertThat(at(1, "get", "tide").out()).isEqualTo("high\n");
    assertThat(at(1, "txn", "--if", "value tide = high", "--then", "put tide low").code()).isZero();
    var lost =
        at(0, "txn", "--if", "value tide = high", "--then", "del tide", "--else", "get tide");
    assertThat(lost.code()).isEqualTo(ExitCode.CONDITION_FAILED);
    assertThat(lost.out()).contains("1: tide = low");
    assertThat(at(0, "scan", "-o", "raw").out()).isEqualTo("tide\tlow\n");
    assertThat(at(1, "del", "tide").code()).isZero();
    assertThat(at(0, "get", "tide").code()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(at(0, "del", "tide").code()).isEqualTo(ExitCode.NOT_FOUND);
  }

  @Test
  void whatIsImportedAtOneIsExportedFromTheOther() throws Exception {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 3_000; i++) {
      lines.add("{\"key\":\"%05d\",\"value\":\"value of %d\"}".formatted(i, i));
    }
    Path in = Files.write(folder.resolve("in.jsonl"), lines);
    Path out = folder.resolve("out.jsonl");
    var imported = at(0, "import", in.toString());
    assertThat(imported.code()).as(imported.err()).isZero();
    var exported = at(1, "export", out.toString());
    assertThat(exported.code()).as(exported.err()).isZero();
    assertThat(Files.readString(out)).isEqualTo(Files.readString(in));
    assertThat(at(0, "scan", "--reverse", "--limit", "1", "--keys-only", "-o", "raw").out())
        .isEqualTo("02999\n");
    assertThat(at(0, "del", "--range", "00000", "01000").out()).startsWith("deleted 1000, ");
  }

  @Test
  void bothAreWellAndCaughtUp() {
    at(0, "put", "tide", "high");
    at(1, "get", "tide");
    var ran =
        Shell.runAsGiven(
            new byte[0], "status", "-o", "json", "--endpoint", endpoint(0) + "," + endpoint(1));
    assertThat(ran.code()).as(ran.err() + ran.out()).isZero();
    assertThat(ran.out().lines()).hasSize(2);
    assertThat(ran.out())
        .contains("\"state\":\"ok\"")
        .contains("\"lag\":0")
        .doesNotContain("lag\":1");
  }

  @Test
  void badInputIsOneClearLineAndChangesNothing() throws Exception {
    assertThat(at(0, "put", "", "v").code()).isEqualTo(ExitCode.FAILURE);
    var far = at(0, "put", "k".repeat((64 << 10) + 1), "v");
    assertThat(far.err()).contains("65537").contains("65536").hasLineCount(1);
    Path file = Files.write(folder.resolve("large"), new byte[(16 << 20) + 1]);
    assertThat(at(0, "put", "k", "--file", file.toString()).err())
        .contains("the limit is 16777216");
    assertThat(at(0, "scan").out().lines()).hasSize(1);
  }
}
