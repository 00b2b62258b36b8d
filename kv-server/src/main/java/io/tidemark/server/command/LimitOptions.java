package io.tidemark.server.command;

import io.tidemark.replica.Limits;
import io.tidemark.server.config.ByteSize;
import io.tidemark.server.config.DurationConverter;
import io.tidemark.server.rpc.RpcBounds;
import java.time.Duration;
import picocli.CommandLine.Option;

/// What requests and clients are held to.
final class LimitOptions {
  @Option(
      names = "--key-bytes-max",
      paramLabel = "SIZE",
      defaultValue = "64KiB",
      converter = ByteSize.Converter.class,
      description = "The largest key. Default: ${DEFAULT-VALUE}.")
  ByteSize keyBytesMax = new ByteSize(0);

  @Option(
      names = "--value-bytes-max",
      paramLabel = "SIZE",
      defaultValue = "16MiB",
      converter = ByteSize.Converter.class,
      description = "The largest value. Default: ${DEFAULT-VALUE}.")
  ByteSize valueBytesMax = new ByteSize(0);

  @Option(
      names = "--request-bytes-max",
      paramLabel = "SIZE",
      defaultValue = "16896KiB",
      converter = ByteSize.Converter.class,
      description =
          "The largest request, and the largest answer to a batch: keys and values together."
              + " Default: ${DEFAULT-VALUE}.")
  ByteSize requestBytesMax = new ByteSize(0);

  @Option(
      names = "--batch-keys-max",
      paramLabel = "COUNT",
      defaultValue = "1000",
      description = "The most keys of one batch of reads. Default: ${DEFAULT-VALUE}.")
  int batchKeysMax;

  @Option(
      names = "--transaction-steps-max",
      paramLabel = "COUNT",
      defaultValue = "128",
      description =
          "The most conditions and operations of one transaction. Default: ${DEFAULT-VALUE}.")
  int transactionStepsMax;

  @Option(
      names = "--connections-max",
      paramLabel = "COUNT",
      defaultValue = "1000",
      description = "The most connections that are served at a time. Default: ${DEFAULT-VALUE}.")
  int connectionsMax;

  @Option(
      names = "--in-flight-bytes-max",
      paramLabel = "SIZE",
      defaultValue = "256MiB",
      converter = ByteSize.Converter.class,
      description =
          "The most bytes of requests that have not been answered. Default: ${DEFAULT-VALUE}.")
  ByteSize inFlightBytesMax = new ByteSize(0);

  @Option(
      names = "--scans-max",
      paramLabel = "COUNT",
      defaultValue = "256",
      description = "The most scans that are open at a time. Default: ${DEFAULT-VALUE}.")
  int scansMax;

  @Option(
      names = "--scan-timeout",
      paramLabel = "TIME",
      defaultValue = "10m",
      converter = DurationConverter.class,
      description = "How long one scan may take. Default: ${DEFAULT-VALUE}.")
  Duration scanTimeout = Duration.ZERO;

  @Option(
      names = "--close-timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = DurationConverter.class,
      description =
          "How long requests under way may go on when the server is told to end."
              + " Default: ${DEFAULT-VALUE}.")
  Duration closeTimeout = Duration.ZERO;

  Limits limits() {
    return new Limits(
        toInt("key-bytes-max", keyBytesMax),
        toInt("value-bytes-max", valueBytesMax),
        toInt("request-bytes-max", requestBytesMax),
        batchKeysMax,
        transactionStepsMax);
  }

  RpcBounds bounds(Duration requestTimeout) {
    return new RpcBounds(
        requestTimeout,
        connectionsMax,
        inFlightBytesMax.bytes(),
        scansMax,
        scanTimeout,
        closeTimeout);
  }

  private static int toInt(String name, ByteSize size) {
    if (size.bytes() > 1 << 30) {
      throw new IllegalArgumentException(name + " is at most 1GiB, not " + size);
    }
    return (int) size.bytes();
  }
}
