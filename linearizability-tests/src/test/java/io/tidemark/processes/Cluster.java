package io.tidemark.processes;

import io.tidemark.log.faults.CallProxy;
import io.tidemark.log.faults.FaultProxy;
import io.tidemark.log.stores.ForeignStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A log server and replicas that use it, each a process; on loopback where nothing else is said.
///
/// Where it is asked for, proxies stand between the parties:
///
/// ```text
///   clients ──▶ Link(FaultProxy ──▶ CallProxy) ──▶ replica ──▶ Link(FaultProxy) ──▶ log server
/// ```
final class Cluster implements AutoCloseable {
  /// One member, which keeps its ports and its directory from start to start.
  final class Member {
    final String name;
    private final Place place;
    private final List<String> arguments;
    private List<String> options;
    final int port;
    final int adminPort;
    private Program program;

    private Member(
        String name,
        Place place,
        int port,
        int adminPort,
        List<String> arguments,
        List<String> options) {
      this.name = name;
      this.place = place;
      this.port = port;
      this.adminPort = adminPort;
      this.arguments = arguments;
      this.options = options;
      this.program = run();
    }

    private Program run() {
      var all = new ArrayList<>(arguments);
      all.addAll(options);
      return Program.start(name, plan.directory, place.launch(), all);
    }

    Program program() {
      return program;
    }

    /// Where it listens.
    String endpoint() {
      return place.host() + ":" + port;
    }

    /// Where it keeps its data.
    Path data() {
      return place.data();
    }

    void kill() {
      program.kill();
    }

    /// Starts it again, and does not wait until it is ready.
    void start() {
      program = run();
    }

    /// Ends it, as an operator would, and starts it with other options; waits until it is ready.
    void restart(String... others) {
      program.terminate();
      options = List.of(others);
      start();
      awaitReady();
    }

    void awaitReady() {
      program.awaitLine("^ready");
    }
  }

  /// Where a member runs.
  ///
  /// @param host the address it listens on
  /// @param data where it keeps its data
  /// @param launch how it is started
  record Place(String host, Path data, Launch launch) {
    Place withHost(String other) {
      return new Place(other, data, launch);
    }

    Place withData(Path other) {
      return new Place(host, other, launch);
    }

    Place withLaunch(Launch other) {
      return new Place(host, data, other);
    }
  }

  /// What stands between a party and the one it connects to.
  ///
  /// @param name the two parties
  /// @param bytes what befalls bytes and connections
  /// @param calls what befalls calls, where that was asked for
  record Link(String name, FaultProxy bytes, Optional<CallProxy> calls) implements AutoCloseable {
    @Override
    public void close() {
      bytes.close();
      calls.ifPresent(CallProxy::close);
    }
  }

  /// What a cluster is to be. Change what should differ, then [#start].
  static final class Plan {
    private final Path directory;
    private int replicas = 3;
    private boolean inBucket;
    private Optional<ForeignStore> store = Optional.empty();
    private boolean linksToLog;
    private boolean linksToReplicas;
    private long seed;
    private UnaryOperator<Place> logPlace = UnaryOperator.identity();
    private ReplicaPlace replicaPlace = (_, place) -> place;
    private List<String> options = List.of();

    /// Changes the place of a replica.
    interface ReplicaPlace {
      Place change(int index, Place place);
    }

    private Plan(Path directory) {
      this.directory = directory;
    }

    /// So many, named `a`, `b`, ...; three where nothing is said.
    Plan replicas(int count) {
      replicas = count;
      return this;
    }

    /// The log is in a bucket, and the server that they all need serves that.
    Plan inBucket() {
      inBucket = true;
      return this;
    }

    /// The log is in the bucket of a store that runs already, and there is no server of our own.
    Plan inBucketOf(ForeignStore other) {
      inBucket = true;
      store = Optional.of(other);
      return this;
    }

    /// Each replica reaches the log through a link of its own.
    Plan linksToLog() {
      linksToLog = true;
      return this;
    }

    /// Clients reach each replica through a link of its own, with a proxy for calls.
    Plan linksToReplicas() {
      linksToReplicas = true;
      return this;
    }

    /// What the proxies draw is drawn from this.
    Plan seed(long number) {
      seed = number;
      return this;
    }

    /// Where and how the log server runs.
    Plan log(UnaryOperator<Place> change) {
      logPlace = change;
      return this;
    }

    /// Where and how the replicas run.
    Plan replicas(ReplicaPlace change) {
      replicaPlace = change;
      return this;
    }

    /// What the replicas are told besides.
    Plan options(String... more) {
      options = List.of(more);
      return this;
    }

    /// Starts all of it and waits until all are ready.
    Cluster start() {
      var cluster = new Cluster(this);
      try {
        cluster.open();
        return cluster;
      } catch (IOException e) {
        cluster.close();
        throw new UncheckedIOException(e);
      } catch (RuntimeException | Error e) {
        cluster.close();
        throw e;
      }
    }
  }

  private static final String LOOPBACK = "127.0.0.1";

  private final Plan plan;
  private final List<Member> logs = new ArrayList<>();
  private final List<Member> replicas = new ArrayList<>();
  private final List<Link> logLinks = new ArrayList<>();
  private final List<Link> replicaLinks = new ArrayList<>();

  private Cluster(Plan plan) {
    this.plan = plan;
  }

  /// A cluster in this directory.
  static Plan in(Path directory) {
    return new Plan(directory);
  }

  /// Starts a log server and so many replicas, and waits until all are ready.
  static Cluster start(Path directory, int replicaCount) {
    return in(directory).replicas(replicaCount).start();
  }

  private void open() throws IOException {
    if (plan.store.isEmpty()) {
      logs.add(newLog());
      log().awaitReady();
    }
    for (int i = 0; i < plan.replicas; i++) {
      String name = (char) ('a' + i) + "";
      replicas.add(newReplica(i, name, logArguments(name), plan.options));
    }
    for (Member replica : replicas()) {
      if (plan.linksToReplicas) {
        var calls =
            CallProxy.between(
                address(LOOPBACK, 0), address(replica.place.host(), replica.port), plan.seed++);
        replicaLinks.add(
            new Link(
                "clients to " + replica.name, proxy(LOOPBACK, calls.port()), Optional.of(calls)));
      }
    }
    replicas().forEach(Member::awaitReady);
  }

  private FaultProxy proxy(String host, int port) throws IOException {
    return FaultProxy.between(address(LOOPBACK, 0), address(host, port), plan.seed++);
  }

  private static InetSocketAddress address(String host, int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByName(host), port);
  }

  private Member newLog() {
    Place place =
        plan.logPlace.apply(new Place(LOOPBACK, plan.directory.resolve("log"), Launch.PLAIN));
    int port = Ports.free();
    String listen = place.host() + ":" + port;
    List<String> arguments =
        plan.inBucket
            ? List.of("dev", "s3", "--listen", listen, "--dir", place.data().toString())
            : List.of("log-server", "--log", "journal:" + place.data(), "--listen", listen);
    return new Member("log", place, port, 0, arguments, List.of());
  }

  private List<String> logArguments(String replica) throws IOException {
    if (plan.store.isPresent()) {
      ForeignStore store = plan.store.get();
      return bucketArguments(store.endpoint(), store.accessKey(), store.secretKey());
    }
    String place = log().endpoint();
    if (plan.linksToLog) {
      Link link =
          new Link(replica + " to log", proxy(log().place.host(), log().port), Optional.empty());
      logLinks.add(link);
      place = LOOPBACK + ":" + link.bytes().port();
    }
    return plan.inBucket
        ? bucketArguments("http://" + place, "anybody", "unchecked")
        : List.of("--log", "remote:" + place);
  }

  private static List<String> bucketArguments(String endpoint, String accessKey, String secretKey) {
    return List.of(
        "--log=s3://" + ForeignStore.BUCKET + "/db",
        "--s3-endpoint=" + endpoint,
        "--s3-access-key=" + accessKey,
        "--s3-secret-key=" + secretKey,
        "--s3-handover=" + LOOPBACK + ":0");
  }

  /// Starts one replica more, and does not wait until it is ready.
  Member join(String name, String... options) throws IOException {
    Member member = newReplica(replicas.size(), name, logArguments(name), List.of(options));
    replicas.add(member);
    return member;
  }

  /// Ends a replica, as an operator would, for good.
  void leave(Member member) {
    member.program.terminate();
    replicas.remove(member);
  }

  private Member newReplica(
      int index, String name, List<String> logArguments, List<String> options) {
    Place place =
        plan.replicaPlace.change(
            index, new Place(LOOPBACK, plan.directory.resolve(name), Launch.PLAIN));
    int port = Ports.free();
    int adminPort = Ports.free();
    var arguments = new ArrayList<>(List.of("serve"));
    arguments.addAll(logArguments);
    arguments.addAll(
        List.of(
            "--data",
            place.data().toString(),
            "--grpc",
            place.host() + ":" + port,
            "--admin",
            place.host() + ":" + adminPort));
    return new Member(name, place, port, adminPort, List.copyOf(arguments), options);
  }

  /// The server of the log, or of the bucket that the log is in, where it is ours.
  Member log() {
    return logs.getFirst();
  }

  List<Member> replicas() {
    return replicas;
  }

  Member replica(int index) {
    return replicas.get(index);
  }

  /// What stands between each replica and the log.
  List<Link> logLinks() {
    return logLinks;
  }

  /// What stands between the clients and each replica.
  List<Link> replicaLinks() {
    return replicaLinks;
  }

  /// Where clients reach the replicas: directly, or through the links.
  List<String> endpoints() {
    return replicaLinks.isEmpty()
        ? replicas().stream().map(Member::endpoint).toList()
        : replicaLinks.stream().map(link -> LOOPBACK + ":" + link.bytes().port()).toList();
  }

  @Override
  public void close() {
    replicas.forEach(member -> member.program().close());
    logs.forEach(member -> member.program().close());
    logLinks.forEach(Link::close);
    replicaLinks.forEach(Link::close);
  }
}
