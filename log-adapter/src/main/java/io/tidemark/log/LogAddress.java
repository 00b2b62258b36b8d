package io.tidemark.log;

import java.nio.file.Path;

/// Where a log is to be found, as a user writes it: `memory:`, `journal:DIRECTORY` or
/// `remote:HOST:PORT`.
public sealed interface LogAddress {
  /// A log that is forgotten when the process ends.
  record Memory() implements LogAddress {
    @Override
    public String toString() {
      return "memory:";
    }
  }

  /// A log in the files of one directory of this machine, which one process opens at a time.
  record Journal(Path directory) implements LogAddress {
    @Override
    public String toString() {
      return "journal:" + directory;
    }
  }

  /// A log that another process serves.
  ///
  /// @param host a name or an address, an IPv6 address without brackets
  /// @param port 1 to 65,535
  record Remote(String host, int port) implements LogAddress {
    /// Checks the parts.
    public Remote {
      if (host.isEmpty() || port < 1 || port > 65_535) {
        throw new IllegalArgumentException(
            "a remote log has a host and a port from 1 to 65535, not \"" + host + "\", " + port);
      }
    }

    @Override
    public String toString() {
      return "remote:" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /// Understands what a user wrote; `toString()` of the result is such a text again.
  ///
  /// @throws IllegalArgumentException with the forms there are, if it is none of them
  static LogAddress parse(String text) {
    int colon = text.indexOf(':');
    String scheme = colon < 0 ? text : text.substring(0, colon);
    String rest = colon < 0 ? "" : text.substring(colon + 1);
    if (scheme.equals("memory") && colon >= 0 && rest.isEmpty()) {
      return new Memory();
    }
    if (scheme.equals("journal") && !rest.isEmpty()) {
      return new Journal(Path.of(rest));
    }
    if (scheme.equals("remote") && rest.contains(":")) {
      return remote(text, rest);
    }
    throw notAnAddress(text);
  }

  private static Remote remote(String text, String rest) {
    int colon = rest.lastIndexOf(':');
    String host = rest.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.contains(":")) {
      throw notAnAddress(text);
    }
    try {
      return new Remote(host, Integer.parseInt(rest.substring(colon + 1)));
    } catch (NumberFormatException _) {
      throw notAnAddress(text);
    }
  }

  private static IllegalArgumentException notAnAddress(String text) {
    return new IllegalArgumentException(
        "\""
            + text
            + "\" is no log address; it is one of memory:, journal:DIRECTORY, remote:HOST:PORT"
            + " (an IPv6 address in brackets)");
  }
}
