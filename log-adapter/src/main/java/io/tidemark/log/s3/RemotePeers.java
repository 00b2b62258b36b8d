package io.tidemark.log.s3;

import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.remote.LogServer;
import io.tidemark.log.remote.LogServerConfig;
import io.tidemark.log.remote.RemoteLog;
import io.tidemark.log.remote.RemoteLogConfig;
import java.io.IOException;
import java.time.Duration;

/// Writers of one log reach each other as remote logs are reached.
final class RemotePeers implements Peers {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

  /// Long enough for a slow slot, and short beside what a client waits.
  private static final Duration APPEND_TIMEOUT = Duration.ofSeconds(3);

  @Override
  public void forget(Log peer) {
    // It waits for threads of its own.
    Thread.ofVirtual().name("kv-s3-forget-peer").start(peer::close);
  }

  @Override
  public Log connect(String address) {
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, Math.max(colon, 0));
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    int port;
    try {
      port = Integer.parseInt(address.substring(colon + 1));
    } catch (NumberFormatException _) {
      throw new LogException.Unavailable("\"" + address + "\" is no address of a writer", null);
    }
    return RemoteLog.open(
        RemoteLogConfig.of(host, port)
            .withTimeouts(CONNECT_TIMEOUT, CONNECT_TIMEOUT, APPEND_TIMEOUT));
  }

  /// Takes appends from others for as long as the log is open.
  static void serve(SlotLog log, S3Options.Handover place) {
    LogServer server;
    try {
      server = LogServer.start(log.forPeers(), LogServerConfig.of(place.host(), place.port()));
    } catch (IOException failure) {
      throw new LogException.Unavailable(String.valueOf(failure.getMessage()), failure);
    }
    log.closeFirst(server::close);
    String host = place.host().contains(":") ? "[" + place.host() + "]" : place.host();
    log.announce(place.advertised().orElse(host + ":" + server.port()));
  }
}
