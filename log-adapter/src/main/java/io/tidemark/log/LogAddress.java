package io.tidemark.log;

import io.tidemark.log.s3.S3Options;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// Where a log is to be found, as a user writes it: `memory:`, `journal:DIRECTORY`,
/// `remote:HOST:PORT` or `s3://BUCKET/PREFIX`.
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

  /// A log in a bucket of an object store, which any number of processes open.
  ///
  /// @param bucket its name
  /// @param prefix what the keys of the log's objects begin with, without a slash at either end;
  ///   empty for a bucket of the log's own
  /// @param options how the bucket is reached, no part of the text
  record S3(String bucket, String prefix, S3Options options) implements LogAddress {
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._=/-]{0,512}");

    /// Checks the names, and the storage class.
    ///
    /// @throws IllegalArgumentException if no bucket may be called so, or the options do not fit it
    public S3 {
      if (!BUCKET.matcher(bucket).matches()) {
        throw new IllegalArgumentException(
            "a bucket's name is 3 to 63 lower-case letters, digits, dots and dashes, not \""
                + bucket
                + "\"");
      }
      if (!PREFIX.matcher(prefix).matches()
          || prefix.startsWith("/")
          || prefix.endsWith("/")
          || prefix.contains("//")) {
        throw new IllegalArgumentException(
            "a prefix is up to 512 letters, digits, dots, dashes, underscores, equal signs and"
                + " single slashes, not \""
                + prefix
                + "\"");
      }
      options.checkFits(bucket);
    }

    /// This, reached in another way.
    public S3 with(S3Options other) {
      return new S3(bucket, prefix, other);
    }

    @Override
    public String toString() {
      return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
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
    if (scheme.equals("s3") && rest.startsWith("//")) {
      return s3(rest.substring(2));
    }
    throw notAnAddress(text);
  }

  private static S3 s3(String rest) {
    int slash = rest.indexOf('/');
    String bucket = slash < 0 ? rest : rest.substring(0, slash);
    String prefix = slash < 0 ? "" : rest.substring(slash + 1);
    if (prefix.endsWith("/")) {
      prefix = prefix.substring(0, prefix.length() - 1);
    }
    return new S3(bucket, prefix, S3Options.DEFAULT);
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
            + " (an IPv6 address in brackets), s3://BUCKET/PREFIX");
  }
}
