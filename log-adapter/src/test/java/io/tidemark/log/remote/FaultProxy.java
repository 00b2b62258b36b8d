package io.tidemark.log.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A TCP proxy on loopback that can lose what passes through it. Two virtual threads for each
/// connection; what is lost is read and dropped, so that neither side notices.
final class FaultProxy implements AutoCloseable {
  private static final class Pair {
    private final Socket client;
    private final Socket server;
    private volatile boolean lostToServer;
    private volatile boolean lostToClient;

    Pair(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void close() {
      closeQuietly(client);
      closeQuietly(server);
    }
  }

  private final int target;
  private final ServerSocket listener;
  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
  private final AtomicLong passedToClient = new AtomicLong();
  private final AtomicLong lostToClient = new AtomicLong();
  private volatile boolean loseToServer;
  private volatile boolean loseToClient;

  private FaultProxy(int target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  static FaultProxy to(int port) throws IOException {
    var proxy = new FaultProxy(port);
    Thread.ofVirtual().start(proxy::accept);
    return proxy;
  }

  int port() {
    return listener.getLocalPort();
  }

  /// From here on nothing that the server says arrives, and nobody is told.
  void swallowReplies() {
    loseToClient = true;
  }

  /// From here on nothing arrives at either side, on new connections too, and nobody is told.
  void blackHole() {
    loseToServer = true;
    loseToClient = true;
  }

  /// Breaks every connection, as seen from both sides.
  void cut() {
    pairs.forEach(Pair::close);
    pairs.clear();
  }

  /// New connections pass, those there are break.
  void heal() {
    passNewConnections();
    cut();
  }

  /// New connections pass; those there are stay as they are and lose everything, half open.
  void passNewConnections() {
    pairs.forEach(pair -> {
      pair.lostToServer = true;
      pair.lostToClient = true;
    });
    loseToServer = false;
    loseToClient = false;
  }

  /// How many bytes were swallowed on their way to the client.
  long lostToClient() {
    return lostToClient.get();
  }

  /// How many bytes reached the client.
  long passedToClient() {
    return passedToClient.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        client.setTcpNoDelay(true);
        connect(client);
      } catch (IOException _) {
        // Closed, or a client that has gone: the next one is served.
      }
    }
  }

  private void connect(Socket client) {
    try {
      var server = new Socket(InetAddress.getLoopbackAddress(), target);
      server.setTcpNoDelay(true);
      var pair = new Pair(client, server);
      pairs.add(pair);
      Thread.ofVirtual().start(() -> pump(pair, client, server, true));
      Thread.ofVirtual().start(() -> pump(pair, server, client, false));
    } catch (IOException _) {
      closeQuietly(client);
    }
  }

  private void pump(Pair pair, Socket from, Socket to, boolean toServer) {
    byte[] buffer = new byte[64 << 10];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        boolean lost = toServer ? pair.lostToServer : pair.lostToClient;
        if (lost || (toServer ? loseToServer : loseToClient)) {
          // TCP loses the rest of a stream, never a piece of it.
          if (toServer) {
            pair.lostToServer = true;
          } else {
            pair.lostToClient = true;
            lostToClient.addAndGet(read);
          }
        } else {
          out.write(buffer, 0, read);
          if (!toServer) {
            passedToClient.addAndGet(read);
          }
        }
      }
    } catch (IOException _) {
      // One side has gone: so goes the other.
    } finally {
      pair.close();
      pairs.remove(pair);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It is closed for us either way.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException _) {
      // It listens no more either way.
    }
    cut();
  }
}
