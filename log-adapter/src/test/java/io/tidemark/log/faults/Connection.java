package io.tidemark.log.faults;

import java.net.Socket;

/// One connection through a [FaultProxy]: two sockets and a [Lane] each way.
///
/// It is over when either lane has delivered the end of its stream: a client that has gone is heard
/// only after all that it said before. Where a lane is held or has lost something, that may be
/// never.
final class Connection {
  /// Told once that it is over.
  interface Ended {
    void ended(Connection connection, boolean wasCut);
  }

  private final Socket client;
  private final Socket server;
  private final Lane toServer;
  private final Lane toClient;
  private final Ended listener;
  private boolean over;

  Connection(
      Socket client,
      Socket server,
      FaultProxy.Traffic toServer,
      FaultProxy.Traffic toClient,
      Ended listener) {
    this.client = client;
    this.server = server;
    this.listener = listener;
    this.toServer = new Lane(client, server, toServer, this);
    this.toClient = new Lane(server, client, toClient, this);
  }

  void start() {
    toServer.start();
    toClient.start();
  }

  void rulesChanged() {
    toServer.rulesChanged();
    toClient.rulesChanged();
  }

  /// Loses everything from here on, both ways.
  void lose() {
    toServer.lose();
    toClient.lose();
  }

  /// Resets it as seen from the client alone, and keeps what the client had sent.
  void orphan() {
    toServer.hold(true);
    FaultProxy.resetQuietly(client);
  }

  /// Delivers what an orphan kept, and its end.
  void deliverOrphan() {
    toServer.hold(false);
  }

  void close() {
    end(false, false);
  }

  void reset() {
    end(true, false);
  }

  /// A lane was to be cut here.
  void cutHere() {
    end(true, true);
  }

  private void end(boolean reset, boolean wasCut) {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
    }
    if (reset) {
      FaultProxy.resetQuietly(client);
      FaultProxy.resetQuietly(server);
    } else {
      FaultProxy.closeQuietly(client);
      FaultProxy.closeQuietly(server);
    }
    toServer.end();
    toClient.end();
    listener.ended(this, wasCut);
  }
}
