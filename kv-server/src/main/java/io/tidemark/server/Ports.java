package io.tidemark.server;

import java.io.IOException;
import java.net.InetSocketAddress;

/// Says why a port could not be had.
public final class Ports {
  private Ports() {}

  /// One line with the address, what it is for, and the reason.
  public static StartException inUse(InetSocketAddress address, String purpose, IOException why) {
    Throwable reason = why;
    while (reason.getCause() != null) {
      reason = reason.getCause();
    }
    return new StartException(
        "cannot listen on "
            + address.getHostString()
            + ":"
            + address.getPort()
            + " ("
            + purpose
            + "): "
            + reason.getMessage(),
        why);
  }
}
