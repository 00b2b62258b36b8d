package io.tidemark.log.s3;

import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import java.security.SecureRandom;
import java.util.UUID;

/// Opens logs in buckets as a process uses them: with the machine's clock, timers and randomness.
public final class S3Logs {
  private S3Logs() {}

  /// Opens the log below `prefix` in this bucket, and creates it where there is none. Blocks until
  /// the store has shown that it is fit, for at most half a minute.
  ///
  /// @throws LogException.Unavailable if the store cannot be used, or appends of other writers
  ///   cannot be taken where the options say; the message says what to do
  /// @throws LogException.Corrupt if what is there is no log, or damaged
  /// @throws IllegalArgumentException if an option is missing that nothing else says
  public static Log open(String bucket, String prefix, S3Options options) {
    ObjectStore store = AwsObjectStore.open(bucket, prefix, options);
    var seams =
        new SlotLogConfig.Seams(
            Clock.SYSTEM, Timers.onThread("kv-s3-timer"), new SecureRandom(), UUID::randomUUID);
    SlotLogConfig config =
        SlotLogConfig.of(seams)
            .withSending(options.linger(), options.inFlightMax())
            .withTrimDelay(options.trimDelay())
            .withCost(options.prices().orElseGet(() -> Prices.of(bucket)), options.budget());
    if (options.handover().isEmpty()) {
      return SlotLog.open(store, config);
    }
    SlotLog log = SlotLog.open(store, config.withPeers(new RemotePeers()));
    try {
      RemotePeers.serve(log, options.handover().get());
      return log;
    } catch (LogException failure) {
      log.close();
      throw failure;
    }
  }
}
