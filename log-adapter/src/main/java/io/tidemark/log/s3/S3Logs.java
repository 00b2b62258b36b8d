package io.tidemark.log.s3;

import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogExistsException;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;

/// Opens logs in buckets as a process uses them: with the machine's clock, timers and randomness.
public final class S3Logs {
  private S3Logs() {}

  /// Opens the objects below `prefix` in this bucket, for what is no log. Asks nobody yet.
  ///
  /// @throws IllegalArgumentException if an option is missing that nothing else says
  public static ObjectStore openObjects(String bucket, String prefix, S3Options options) {
    return AwsObjectStore.open(bucket, prefix, options);
  }

  /// Opens the log below `prefix` in this bucket, and creates it where there is none. Blocks until
  /// the store has shown that it is fit, for at most half a minute.
  ///
  /// @throws LogException.Unavailable if the store cannot be used, or appends of other writers
  ///   cannot be taken where the options say; the message says what to do
  /// @throws LogException.Corrupt if what is there is no log, or damaged
  /// @throws IllegalArgumentException if an option is missing that nothing else says
  public static Log open(String bucket, String prefix, S3Options options) {
    return open(bucket, prefix, options, SlotLog::open);
  }

  /// Creates a log below `prefix` in this bucket whose first position is the first of a slot at or
  /// after `first`, and opens it.
  ///
  /// @throws LogExistsException if there is a log already
  /// @throws LogException as above
  /// @throws IllegalArgumentException as above, or if no log may begin there
  public static Log create(String bucket, String prefix, S3Options options, long first) {
    return open(bucket, prefix, options, (store, config) -> SlotLog.create(store, config, first));
  }

  /// Whether there is a log below `prefix` in this bucket.
  ///
  /// @throws LogException.Unavailable if the bucket cannot be read
  /// @throws LogException.Corrupt if what is there is no log
  /// @throws IllegalArgumentException if an option is missing that nothing else says
  public static boolean exists(String bucket, String prefix, S3Options options) {
    try (ObjectStore store = AwsObjectStore.open(bucket, prefix, options)) {
      return Fetch.of(store, Names.IDENTITY, Markers.Identity::decode).join().isPresent();
    } catch (CompletionException failure) {
      throw Failures.unavailable("looking for a log", failure);
    }
  }

  private static Log open(
      String bucket,
      String prefix,
      S3Options options,
      BiFunction<ObjectStore, SlotLogConfig, SlotLog> opening) {
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
      return opening.apply(store, config);
    }
    SlotLog log = opening.apply(store, config.withPeers(new RemotePeers()));
    try {
      RemotePeers.serve(log, options.handover().get());
      return log;
    } catch (LogException failure) {
      log.close();
      throw failure;
    }
  }
}
