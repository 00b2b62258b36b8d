package io.tidemark.server.config;

import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Where to listen: a host and a TCP port.
///
/// @param host a name or an address, an IPv6 one without brackets
/// @param port from 0 (any that is free) to 65535
public record HostPort(String host, int port) {
  /// Reads `HOST:PORT`, with an IPv6 address in brackets.
  ///
  /// @throws IllegalArgumentException saying what is accepted
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    String digits = text.substring(colon + 1);
    if (host.isBlank()
        || (host.indexOf(':') >= 0 && !bracketed)
        || !digits.matches("\\d{1,5}")
        || Integer.parseInt(digits) > 0xffff) {
      throw new IllegalArgumentException(
          "'" + text + "' is no address: write HOST:PORT, as in 127.0.0.1:4379 or [::1]:4379");
    }
    return new HostPort(host, Integer.parseInt(digits));
  }

  /// Looks the host up.
  ///
  /// @throws IllegalArgumentException if it is not known
  public InetSocketAddress resolve() {
    var address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("the host '" + host + "' is not known");
    }
    return address;
  }

  /// The same host with another port.
  public HostPort withPort(int other) {
    return new HostPort(host, other);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /// Reads an option's value.
  public static final class Converter implements ITypeConverter<HostPort> {
    @Override
    public HostPort convert(String value) {
      try {
        return parse(value);
      } catch (IllegalArgumentException wrong) {
        throw new TypeConversionException(wrong.getMessage());
      }
    }
  }
}
