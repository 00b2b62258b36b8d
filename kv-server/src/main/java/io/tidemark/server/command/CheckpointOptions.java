package io.tidemark.server.command;

import io.tidemark.log.LogAddress;
import io.tidemark.replica.CheckpointConfig;
import io.tidemark.server.config.ByteSize;
import io.tidemark.server.config.DurationConverter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a replica's checkpoints are, how often they are made, and what is kept of the log.
final class CheckpointOptions {
  private static final String NONE = "none";
  private static final String AUTO = "auto";
  private static final String FOLDER = "checkpoints";

  @Option(
      names = "--checkpoints",
      paramLabel = "PLACE",
      defaultValue = AUTO,
      description =
          "Where checkpoints are kept: DIRECTORY, s3://BUCKET/PREFIX or none; one place for all"
              + " replicas of a log. auto is 'checkpoints' inside --data for a journal, below the"
              + " log's prefix for a log in a bucket, and else none: such a log only grows."
              + " Default: ${DEFAULT-VALUE}.")
  String place = AUTO;

  @Option(
      names = "--checkpoint-bytes",
      paramLabel = "SIZE",
      defaultValue = "256MiB",
      converter = ByteSize.Converter.class,
      description =
          "A checkpoint is due after so many bytes of records. Default: ${DEFAULT-VALUE}.")
  ByteSize everyBytes = new ByteSize(0);

  @Option(
      names = "--checkpoint-age",
      paramLabel = "TIME",
      defaultValue = "1h",
      converter = DurationConverter.class,
      description =
          "A checkpoint is due after so long, if anything was written. Default: ${DEFAULT-VALUE}.")
  Duration everyAge = Duration.ZERO;

  @Option(
      names = "--retain-bytes",
      paramLabel = "SIZE",
      defaultValue = "64MiB",
      converter = ByteSize.Converter.class,
      description =
          "So much of the log is kept for replicas that lag, whatever checkpoints there are."
              + " Default: ${DEFAULT-VALUE}.")
  ByteSize retainBytes = new ByteSize(0);

  @Option(
      names = "--retain-time",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "So far back the database can be restored to any moment: checkpoints and log that this"
              + " takes are kept. Default: none.")
  @Nullable Duration retainTime;

  /// What the settings say; nothing without checkpoints. Both roles are taken.
  ///
  /// @throws IllegalArgumentException naming what makes no sense
  Optional<CheckpointConfig> config(LogAddress log, Path data, BucketOptions bucket) {
    return place(log, data)
        .map(text ->
            CheckpointConfig.of(bucket.checkpoints(text))
                .withEvery(everyBytes.bytes(), everyAge)
                .withRetention(
                    retainBytes.bytes(), retainTime == null ? Duration.ZERO : retainTime));
  }

  private Optional<String> place(LogAddress log, Path data) {
    if (!place.equals(AUTO)) {
      return place.equals(NONE) ? Optional.empty() : Optional.of(place);
    }
    return switch (log) {
      case LogAddress.Journal _ -> Optional.of(data.resolve(FOLDER).toString());
      case LogAddress.S3 s3 -> Optional.of(s3 + "/" + FOLDER);
      case LogAddress.Memory _, LogAddress.Remote _ -> Optional.empty();
    };
  }
}
