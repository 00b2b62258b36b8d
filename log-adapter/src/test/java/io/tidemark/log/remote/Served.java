package io.tidemark.log.remote;

import io.tidemark.log.Log;
import java.io.IOException;

/// A log and its server on loopback, which can be stopped and started again on the same port.
final class Served implements AutoCloseable {
  private final Log log;
  private final LogServerConfig config;
  private LogServer server;

  private Served(Log log, LogServerConfig config) throws IOException {
    this.log = log;
    this.server = LogServer.start(log, config);
    this.config = at(config, server.port());
  }

  static Served start(Log log) throws IOException {
    return start(log, LogServerConfig.of("127.0.0.1", 0));
  }

  static Served start(Log log, LogServerConfig config) throws IOException {
    return new Served(log, config);
  }

  private static LogServerConfig at(LogServerConfig config, int port) {
    return new LogServerConfig(
        config.host(),
        port,
        config.appendStreamsMax(),
        config.readStreamsMax(),
        config.streamAppendsMax(),
        config.streamAppendBytesMax(),
        config.appendBytesMax(),
        config.closeTimeout());
  }

  int port() {
    return config.port();
  }

  Log log() {
    return log;
  }

  LogServer server() {
    return server;
  }

  /// The server goes away, the log stays.
  void stop() {
    server.close();
  }

  /// The server comes back, with the same log.
  void restart() throws IOException {
    restartWith(log);
  }

  /// A server of another log comes to the same port.
  void restartWith(Log other) throws IOException {
    server = LogServer.start(other, config);
  }

  @Override
  public void close() {
    server.close();
    log.close();
  }
}
