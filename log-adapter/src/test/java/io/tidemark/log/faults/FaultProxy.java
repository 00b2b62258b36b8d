package io.tidemark.log.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/// A TCP proxy that does to what passes through it what a network may do.
///
/// Each way has its own rules, which apply to all connections, those there are and those to come,
/// until they are changed. What was lost stays lost: a connection that lost something loses all
/// that follows on that way, its end too, and so is half open until it is cut.
public final class FaultProxy implements AutoCloseable {
  /// Which of the two ways through the proxy.
  public enum Way {
    /// From who connected to who is connected to.
    TO_SERVER,
    /// Back.
    TO_CLIENT
  }

  /// What becomes of who connects.
  public enum Newcomers {
    /// They are connected.
    PASS,
    /// They are reset at once.
    REFUSED,
    /// They hear nothing, ever.
    IGNORED
  }

  /// What happens on one way.
  ///
  /// @param lost bytes are read and dropped, and nobody is told
  /// @param held bytes are kept and delivered once they are not held any more, in order, and even
  ///   when the sender has gone meanwhile
  /// @param delayMin the least that each piece takes
  /// @param delayMax the most that each piece takes; order is kept
  /// @param bytesPerSecond how much passes on each connection; 0 for no limit
  record Rules(
      boolean lost, boolean held, Duration delayMin, Duration delayMax, long bytesPerSecond) {
    static final Rules PASS = new Rules(false, false, Duration.ZERO, Duration.ZERO, 0);
  }

  /// One way through the proxy: its rules, and what they did.
  static final class Traffic {
    private final Random random;
    private volatile Rules rules = Rules.PASS;
    final AtomicLong passedBytes = new AtomicLong();
    final AtomicLong lostBytes = new AtomicLong();
    final AtomicLong heldBytes = new AtomicLong();
    private final AtomicLong cutAfterBytes = new AtomicLong(Long.MAX_VALUE);

    Traffic(Random random) {
      this.random = random;
    }

    Rules rules() {
      return rules;
    }

    long delayNanos() {
      Rules now = rules;
      long min = now.delayMin().toNanos();
      long max = now.delayMax().toNanos();
      synchronized (random) {
        return max > min ? random.nextLong(min, max) : min;
      }
    }

    /// How many of these bytes may pass before the connection is to be cut.
    synchronized int untilCut(int bytes) {
      long left = cutAfterBytes.get();
      if (left == Long.MAX_VALUE) {
        return bytes;
      }
      if (left >= bytes) {
        cutAfterBytes.addAndGet(-bytes);
        return bytes;
      }
      cutAfterBytes.set(Long.MAX_VALUE);
      return (int) left;
    }
  }

  private final InetSocketAddress target;
  private final ServerSocket listener;
  private final Traffic toServer;
  private final Traffic toClient;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Set<Connection> orphans = ConcurrentHashMap.newKeySet();
  private final Set<Socket> ignored = ConcurrentHashMap.newKeySet();
  private final AtomicLong turnedAway = new AtomicLong();
  private final AtomicLong cuts = new AtomicLong();
  private volatile Newcomers newcomers = Newcomers.PASS;

  private FaultProxy(InetSocketAddress listen, InetSocketAddress target, long seed)
      throws IOException {
    this.target = target;
    this.listener = new ServerSocket(listen.getPort(), 50, listen.getAddress());
    this.toServer = new Traffic(new Random(seed));
    this.toClient = new Traffic(new Random(~seed));
  }

  /// Stands before a port of the loopback interface, at any port that is free.
  public static FaultProxy to(int port) throws IOException {
    var loopback = InetAddress.getLoopbackAddress();
    return between(new InetSocketAddress(loopback, 0), new InetSocketAddress(loopback, port), port);
  }

  /// Listens there and connects to the target; the seed decides on delays.
  public static FaultProxy between(InetSocketAddress listen, InetSocketAddress target, long seed)
      throws IOException {
    var proxy = new FaultProxy(listen, target, seed);
    Thread.ofVirtual().name("proxy-" + proxy.port()).start(proxy::accept);
    return proxy;
  }

  /// Where it listens.
  public int port() {
    return listener.getLocalPort();
  }

  /// From here on nothing arrives that goes this way, and nobody is told.
  public void lose(Way way) {
    change(
        way,
        now -> new Rules(true, now.held(), now.delayMin(), now.delayMax(), now.bytesPerSecond()));
  }

  /// From here on what goes this way is kept, until [#release]. Who closed its connection meanwhile
  /// is heard nonetheless.
  public void hold(Way way) {
    change(
        way,
        now -> new Rules(now.lost(), true, now.delayMin(), now.delayMax(), now.bytesPerSecond()));
  }

  /// Delivers what was held.
  public void release(Way way) {
    change(
        way,
        now -> new Rules(now.lost(), false, now.delayMin(), now.delayMax(), now.bytesPerSecond()));
  }

  /// From here on each piece that goes this way takes so long; order is kept.
  public void delay(Way way, Duration min, Duration max) {
    change(way, now -> new Rules(now.lost(), now.held(), min, max, now.bytesPerSecond()));
  }

  /// From here on so much goes this way on each connection; 0 ends the limit.
  public void throttle(Way way, long bytesPerSecond) {
    change(
        way,
        now -> new Rules(now.lost(), now.held(), now.delayMin(), now.delayMax(), bytesPerSecond));
  }

  /// Lets so many more bytes go this way and resets the connection on which the next one comes.
  public void cutAfter(Way way, long bytes) {
    traffic(way).cutAfterBytes.set(bytes);
  }

  /// What becomes of who connects from here on.
  public void newcomers(Newcomers fate) {
    newcomers = fate;
  }

  /// From here on nothing that the server says arrives, and nobody is told.
  public void swallowReplies() {
    lose(Way.TO_CLIENT);
  }

  /// From here on nothing arrives at either side, on new connections too, and nobody is told.
  public void blackHole() {
    lose(Way.TO_SERVER);
    lose(Way.TO_CLIENT);
  }

  /// Ends every connection, as seen from both sides; returns how many there were.
  public int cut() {
    return end(Connection::close);
  }

  /// Resets every connection, as seen from both sides; returns how many there were.
  public int reset() {
    return end(Connection::reset);
  }

  private int end(java.util.function.Consumer<Connection> how) {
    int ended = 0;
    for (Connection connection : connections) {
      how.accept(connection);
      ended++;
    }
    for (Socket socket : ignored) {
      closeQuietly(socket);
    }
    ignored.clear();
    cuts.addAndGet(ended);
    return ended;
  }

  /// Resets every connection as seen from the client alone. What the client had sent and the server
  /// has not got, such as what was held, is kept for [#deliverOrphans]; new connections pass.
  public void orphan() {
    for (Connection connection : connections) {
      orphans.add(connection);
      connection.orphan();
    }
    restore();
  }

  /// Delivers to the server what clients had sent on connections that they believe are gone.
  public void deliverOrphans() {
    orphans.forEach(Connection::deliverOrphan);
    orphans.clear();
  }

  /// New connections pass, those there are break; what was held is lost.
  public void heal() {
    passNewConnections();
    cut();
  }

  /// Everything passes as if nothing had been: what was held arrives, on the connections there are.
  public void restore() {
    newcomers = Newcomers.PASS;
    change(Way.TO_SERVER, _ -> Rules.PASS);
    change(Way.TO_CLIENT, _ -> Rules.PASS);
  }

  /// New connections pass; those there are stay as they are and lose everything, half open.
  public void passNewConnections() {
    connections.forEach(Connection::lose);
    restore();
  }

  /// How many connections there are.
  public int connections() {
    return connections.size();
  }

  /// How many connections were ended by [#cut], [#reset], [#heal] and [#cutAfter].
  public long cuts() {
    return cuts.get();
  }

  /// How many wanted to connect and were refused or ignored.
  public long turnedAway() {
    return turnedAway.get();
  }

  /// How many bytes arrived this way.
  public long passed(Way way) {
    return traffic(way).passedBytes.get();
  }

  /// How many bytes were lost on this way.
  public long lost(Way way) {
    return traffic(way).lostBytes.get();
  }

  /// How many bytes were held on this way for a while.
  public long held(Way way) {
    return traffic(way).heldBytes.get();
  }

  /// How many bytes were swallowed on their way to the client.
  public long lostToClient() {
    return lost(Way.TO_CLIENT);
  }

  private Traffic traffic(Way way) {
    return switch (way) {
      case TO_SERVER -> toServer;
      case TO_CLIENT -> toClient;
    };
  }

  private synchronized void change(Way way, UnaryOperator<Rules> how) {
    Traffic traffic = traffic(way);
    traffic.rules = how.apply(traffic.rules);
    connections.forEach(Connection::rulesChanged);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        client.setTcpNoDelay(true);
        switch (newcomers) {
          case PASS -> Thread.ofVirtual().start(() -> connect(client));
          case REFUSED -> {
            turnedAway.incrementAndGet();
            resetQuietly(client);
          }
          case IGNORED -> {
            turnedAway.incrementAndGet();
            ignored.add(client);
          }
        }
      } catch (IOException _) {
        // Closed, or a client that has gone: the next one is served.
      }
    }
  }

  private void connect(Socket client) {
    var server = new Socket();
    try {
      server.setTcpNoDelay(true);
      server.connect(target);
    } catch (IOException _) {
      closeQuietly(server);
      resetQuietly(client);
      return;
    }
    var connection = new Connection(client, server, toServer, toClient, this::ended);
    connections.add(connection);
    connection.start();
    if (listener.isClosed()) {
      connection.close();
    }
  }

  private void ended(Connection connection, boolean wasCut) {
    connections.remove(connection);
    if (wasCut) {
      cuts.incrementAndGet();
    }
  }

  static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It is closed for us either way.
    }
  }

  static void resetQuietly(Socket socket) {
    try {
      // Closing with nothing left to linger for sends a reset.
      socket.setSoLinger(true, 0);
    } catch (IOException _) {
      // It has gone already.
    }
    closeQuietly(socket);
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException _) {
      // It listens no more either way.
    }
    end(Connection::close);
  }
}
