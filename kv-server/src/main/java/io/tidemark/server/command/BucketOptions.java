package io.tidemark.server.command;

import io.tidemark.checkpoint.CheckpointAddress;
import io.tidemark.log.LogAddress;
import io.tidemark.log.s3.Budget;
import io.tidemark.log.s3.Prices;
import io.tidemark.log.s3.S3Options;
import io.tidemark.server.config.DurationConverter;
import io.tidemark.server.config.HostPort;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a bucket is reached, of a log and of checkpoints. What is left out is found as AWS's own
/// tools find it.
public final class BucketOptions {
  @Option(
      names = "--s3-endpoint",
      paramLabel = "URL",
      description = "Where the bucket is served, if not by Amazon. Default: none.")
  @Nullable URI endpoint;

  @Option(
      names = "--s3-region",
      paramLabel = "REGION",
      description = "The bucket's region. Default: none, as AWS's tools find it.")
  @Nullable String region;

  @Option(
      names = "--s3-path-style",
      paramLabel = "BOOLEAN",
      arity = "0..1",
      fallbackValue = "true",
      description =
          "Whether the bucket's name goes into the path of URLs. Default: none, only"
              + " with --s3-endpoint.")
  @Nullable Boolean pathStyle;

  @Option(
      names = "--s3-access-key",
      paramLabel = "KEY",
      description = "The access key. Default: none, as AWS's tools find it.")
  @Nullable String accessKey;

  @Option(
      names = "--s3-secret-key",
      paramLabel = "SECRET",
      description =
          "The secret key; better given as TIDEMARK_S3_SECRET_KEY, where other users of the"
              + " machine do not see it. Default: none.")
  @Nullable String secretKey;

  @Option(
      names = "--s3-session-token",
      paramLabel = "TOKEN",
      description = "The session token of credentials that expire. Default: none.")
  @Nullable String sessionToken;

  @Option(
      names = "--s3-storage-class",
      paramLabel = "CLASS",
      description =
          "The storage class of what is written, which can be read at once: STANDARD,"
              + " INTELLIGENT_TIERING, ...; a directory bucket (Express One Zone) has its own."
              + " Default: none, the bucket's.")
  @Nullable String storageClass;

  @Option(
      names = "--s3-linger",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "How long an idle writer waits for more to send in one request: dearer writes, fewer"
              + " requests. Default: none.")
  @Nullable Duration linger;

  @Option(
      names = "--s3-prices",
      paramLabel = "PRICES",
      description =
          "What the store charges, in dollars: for 1,000 requests (put, get, list) and for a"
              + " gigabyte (sent, received), as in put=0.005,get=0.0004. Default: none, the list"
              + " prices of S3 Standard, or of Express One Zone for a directory bucket, in"
              + " us-east-1.")
  @Nullable String prices;

  @Option(
      names = "--s3-budget",
      paramLabel = "DOLLARS",
      description =
          "What this process may spend on requests in an hour: as it gets near that, writes and"
              + " strong reads wait for others to share a request, and nothing is refused. Default:"
              + " none.")
  @Nullable Double budget;

  @Option(
      names = "--s3-budget-delay",
      paramLabel = "TIME",
      defaultValue = "500ms",
      converter = DurationConverter.class,
      description =
          "The longest that the log holds a batch of writes or a tail check back for the sake of"
              + " the budget, up to 2s. Default: ${DEFAULT-VALUE}.")
  Duration budgetDelay = Duration.ofMillis(500);

  @Option(
      names = "--s3-in-flight",
      paramLabel = "COUNT",
      defaultValue = "4",
      description =
          "How many full batches are under way at once, 1 to 16. Default: ${DEFAULT-VALUE}.")
  int inFlight = 4;

  @Option(
      names = "--s3-handover",
      paramLabel = "HOST:PORT",
      converter = HostPort.Converter.class,
      description =
          "Where this replica takes writes from other replicas that keep losing the race for the"
              + " log's next object: many busy replicas then need no more requests than one."
              + " Default: none, all race.")
  @Nullable HostPort handover;

  @Option(
      names = "--s3-handover-advertised",
      paramLabel = "HOST:PORT",
      description = "The same as the other replicas reach it. Default: none, as it is.")
  @Nullable String handoverAdvertised;

  @Option(
      names = "--s3-trim-delay",
      paramLabel = "TIME",
      defaultValue = "1h",
      converter = DurationConverter.class,
      description =
          "How long a trim is known before anything is deleted; the same for every replica."
              + " Default: ${DEFAULT-VALUE}.")
  Duration trimDelay = Duration.ofHours(1);

  /// Made by the command line.
  public BucketOptions() {}

  /// Where checkpoints are kept, as a user wrote it: a directory by its whole path, a bucket
  /// reached as these options say.
  ///
  /// @throws IllegalArgumentException naming what makes no sense
  public CheckpointAddress checkpoints(String text) {
    return switch (CheckpointAddress.parse(text, S3Options.DEFAULT)) {
      case CheckpointAddress.Directory(var path) ->
          new CheckpointAddress.Directory(path.toAbsolutePath().normalize());
      case CheckpointAddress.Bucket(var place) ->
          new CheckpointAddress.Bucket(place.with(options(place.bucket())));
    };
  }

  /// The address, reached as these options say if it is a bucket.
  ///
  /// @throws IllegalArgumentException naming what makes no sense
  public LogAddress complete(LogAddress address) {
    return address instanceof LogAddress.S3 s3 ? s3.with(options(s3.bucket())) : address;
  }

  private S3Options options(String bucket) {
    if ((accessKey == null) != (secretKey == null)) {
      throw new IllegalArgumentException("--s3-access-key and --s3-secret-key belong together");
    }
    boolean inPath = pathStyle == null ? endpoint != null : pathStyle;
    S3Options options =
        S3Options.DEFAULT
            .at(Optional.ofNullable(endpoint), Optional.ofNullable(region), inPath)
            .withStorageClass(Optional.ofNullable(storageClass))
            .withTimes(linger == null ? Duration.ZERO : linger, inFlight, trimDelay)
            .withCost(
                Optional.ofNullable(prices).map(Prices.of(bucket)::with),
                Optional.ofNullable(budget).map(dollars -> new Budget(dollars, budgetDelay)));
    if (handover != null) {
      options =
          options.withHandover(
              new S3Options.Handover(
                  handover.host(), handover.port(), Optional.ofNullable(handoverAdvertised)));
    }
    return accessKey == null || secretKey == null
        ? options
        : options.as(
            new S3Options.Credentials(accessKey, secretKey, Optional.ofNullable(sessionToken)));
  }
}
