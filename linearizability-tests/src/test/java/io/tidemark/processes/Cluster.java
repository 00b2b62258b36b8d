package io.tidemark.processes;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A log server and replicas that use it, each a process; all of them on loopback.
final class Cluster implements AutoCloseable {
  /// One member, which keeps its ports and its directory from start to start.
  final class Member {
    final String name;
    private final List<String> arguments;
    final int port;
    final int adminPort;
    private Program program;

    private Member(String name, int port, int adminPort, List<String> arguments) {
      this.name = name;
      this.port = port;
      this.adminPort = adminPort;
      this.arguments = arguments;
      this.program = Program.start(name, directory, arguments);
    }

    Program program() {
      return program;
    }

    /// Where clients reach it.
    String endpoint() {
      return "127.0.0.1:" + port;
    }

    /// Where it keeps its data.
    Path data() {
      return directory.resolve(name);
    }

    void kill() {
      program.kill();
    }

    /// Starts it again, and does not wait until it is ready.
    void start() {
      program = Program.start(name, directory, arguments);
    }

    void awaitReady() {
      program.awaitLine("^ready");
    }
  }

  private final Path directory;
  private final Member log;
  private final List<Member> replicas = new ArrayList<>();

  private Cluster(Path directory, int replicaCount) {
    this.directory = directory;
    int logPort = Ports.free();
    int logAdminPort = Ports.free();
    this.log =
        new Member(
            "log",
            logPort,
            logAdminPort,
            List.of("log-server", "--log", "journal:log", "--listen", "127.0.0.1:" + logPort));
    for (int i = 0; i < replicaCount; i++) {
      replicas.add(replica((char) ('a' + i) + "", logPort));
    }
  }

  /// Starts a log server and so many replicas, named `a`, `b`, ..., and waits until all are ready.
  static Cluster start(Path directory, int replicaCount) {
    var cluster = new Cluster(directory, replicaCount);
    cluster.log.awaitReady();
    cluster.replicas.forEach(Member::awaitReady);
    return cluster;
  }

  Member log() {
    return log;
  }

  List<Member> replicas() {
    return replicas;
  }

  Member replica(int index) {
    return replicas.get(index);
  }

  /// Where clients reach the replicas.
  List<String> endpoints() {
    return replicas.stream().map(Member::endpoint).toList();
  }

  @Override
  public void close() {
    replicas.forEach(member -> member.program().close());
    log.program().close();
  }

  private Member replica(String name, int logPort) {
    int port = Ports.free();
    int adminPort = Ports.free();
    return new Member(
        name,
        port,
        adminPort,
        List.of(
            "serve",
            "--log",
            "remote:127.0.0.1:" + logPort,
            "--data",
            name,
            "--grpc",
            "127.0.0.1:" + port,
            "--admin",
            "127.0.0.1:" + adminPort));
  }
}
