package io.tidemark.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// Ports that were free a moment ago, below those that the system hands to connections: a process
/// that is restarted finds its own free again.
final class Ports {
  private static int next = 20_000 + (int) (ProcessHandle.current().pid() % 10_000);

  private Ports() {}

  /// A port of the loopback interface that nobody listens on.
  static synchronized int free() {
    while (true) {
      int port = next++;
      try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (java.net.BindException taken) {
        // The next one, then.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
