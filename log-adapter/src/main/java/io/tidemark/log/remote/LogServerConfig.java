package io.tidemark.log.remote;

import io.tidemark.base.Invariants;
import java.time.Duration;

/// Where to serve a log, and how much at once.
///
/// @param host the name or address to listen on
/// @param port the port to listen on; 0 takes a free one
/// @param appendStreamsMax how many clients may be connected: each has one append stream
/// @param readStreamsMax how many readers may be open, each with a virtual thread
/// @param streamAppendsMax how many batches of one stream may be with the log; the next is not
///   taken from the network before one is answered
/// @param streamAppendBytesMax how many bytes of batches of one stream may be with the log, beyond
///   the first
/// @param appendBytesMax how many bytes of batches of all streams may be with the log, beyond the
///   first; a batch beyond is answered with *overloaded*
/// @param closeTimeout how long a close waits for what is under way
public record LogServerConfig(
    String host,
    int port,
    int appendStreamsMax,
    int readStreamsMax,
    int streamAppendsMax,
    long streamAppendBytesMax,
    long appendBytesMax,
    Duration closeTimeout) {
  /// Checks the bounds.
  public LogServerConfig {
    Invariants.check(0 <= port && port <= 65_535, "a port is at most 65535", port);
    Invariants.check(appendStreamsMax > 0, "a client may connect", appendStreamsMax);
    Invariants.check(readStreamsMax > 0, "a reader may open", readStreamsMax);
    Invariants.check(streamAppendsMax > 0, "a batch may be taken", streamAppendsMax);
    Invariants.check(streamAppendBytesMax > 0, "a batch may be taken", streamAppendBytesMax);
    Invariants.check(appendBytesMax > 0, "a batch may be taken", appendBytesMax);
  }

  /// Serves there with the defaults: 256 clients, 1,024 readers, 4,096 batches and 32 MiB of each
  /// stream, 128 MiB of batches together, 5 s to close.
  public static LogServerConfig of(String host, int port) {
    return new LogServerConfig(
        host, port, 256, 1_024, 4_096, 32L << 20, 128L << 20, Duration.ofSeconds(5));
  }

  /// This, with other limits for streams.
  public LogServerConfig withStreams(int appendMax, int readMax) {
    return new LogServerConfig(
        host,
        port,
        appendMax,
        readMax,
        streamAppendsMax,
        streamAppendBytesMax,
        appendBytesMax,
        closeTimeout);
  }

  /// This, with other limits for batches under way.
  public LogServerConfig withAppends(int streamMax, long streamBytesMax, long bytesMax) {
    return new LogServerConfig(
        host,
        port,
        appendStreamsMax,
        readStreamsMax,
        streamMax,
        streamBytesMax,
        bytesMax,
        closeTimeout);
  }
}
