package io.tidemark.log.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// How a bucket is reached and used. What is not said is found as AWS's own tools find it: region
/// and credentials in the environment, in `~/.aws`, or from the machine's role.
///
/// @param endpoint where the store is, for any but Amazon's own
/// @param region the bucket's region
/// @param pathStyle whether the bucket's name goes into the path and not into the host's name, as
///   most stores but Amazon's need
/// @param credentials what proves who asks
/// @param storageClass the storage class of new objects, as S3 names it: `STANDARD`, ...; one that
///   can be read at once. A directory bucket (Express One Zone) has its own
/// @param linger how long an idle writer waits for more to send along
/// @param inFlightMax how many slots a writer sends before it hears of the first, 1 to 16
/// @param handover where this writer takes appends from other writers, so that many busy writers
///   need no more requests than one; without it, writers race
/// @param trimDelay how long a trim is known before anything is deleted, the same for every process
/// @param prices what the store charges; else the list prices of the bucket's kind ([Prices#of])
/// @param budget what may be spent; without it nobody waits
public record S3Options(
    Optional<URI> endpoint,
    Optional<String> region,
    boolean pathStyle,
    Optional<Credentials> credentials,
    Optional<String> storageClass,
    Duration linger,
    int inFlightMax,
    Optional<Handover> handover,
    Duration trimDelay,
    Optional<Prices> prices,
    Optional<Budget> budget) {
  /// Where a writer takes appends from other writers.
  ///
  /// @param host the address to listen on
  /// @param port the port to listen on, 0 for a free one
  /// @param advertised `HOST:PORT` as the others reach it, where that is not `host` and `port`
  public record Handover(String host, int port, Optional<String> advertised) {}

  /// Who asks, and the proof of it. Not shown to anybody.
  ///
  /// @param sessionToken of credentials that expire
  public record Credentials(String accessKey, String secretKey, Optional<String> sessionToken) {
    /// Both are needed.
    public Credentials {
      if (accessKey.isEmpty() || secretKey.isEmpty()) {
        throw new IllegalArgumentException("an access key and its secret key are needed");
      }
    }

    @Override
    public String toString() {
      return "credentials of " + accessKey;
    }
  }

  /// Amazon's own, found as its tools find it; nothing lingers, 4 slots in flight, an hour before a
  /// trim deletes.
  public static final S3Options DEFAULT =
      new S3Options(
          Optional.empty(),
          Optional.empty(),
          false,
          Optional.empty(),
          Optional.empty(),
          Duration.ZERO,
          4,
          Optional.empty(),
          Duration.ofHours(1),
          Optional.empty(),
          Optional.empty());

  private static final String EXPRESS = "EXPRESS_ONEZONE";

  /// What is in these must be restored for hours before it can be read.
  private static final Set<String> ARCHIVES = Set.of("GLACIER", "DEEP_ARCHIVE");

  /// Checks the bounds.
  ///
  /// @throws IllegalArgumentException naming what is wrong
  public S3Options {
    endpoint.ifPresent(uri -> {
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (!http || uri.getHost() == null) {
        throw new IllegalArgumentException(
            "an S3 endpoint is a URL such as https://s3.example.com:9000, not " + uri);
      }
    });
    if (region.isPresent() && region.get().isBlank()) {
      throw new IllegalArgumentException("a region has a name");
    }
    if (storageClass.isPresent() && ARCHIVES.contains(storageClass.get())) {
      throw new IllegalArgumentException(
          "a log is read at once, and objects of the storage class "
              + storageClass.get()
              + " cannot be; GLACIER_IR can");
    }
    if (linger.isNegative() || linger.toMillis() > 60_000) {
      throw new IllegalArgumentException("lingering lasts from 0 to 60 s, not " + linger);
    }
    if (inFlightMax < 1 || inFlightMax > 16) {
      throw new IllegalArgumentException("1 to 16 slots are in flight, not " + inFlightMax);
    }
    if (trimDelay.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "a trim waits for a second at least before it deletes, not " + trimDelay);
    }
  }

  /// This, at another place.
  public S3Options at(Optional<URI> where, Optional<String> inRegion, boolean isPathStyle) {
    return new S3Options(
        where,
        inRegion,
        isPathStyle,
        credentials,
        storageClass,
        linger,
        inFlightMax,
        handover,
        trimDelay,
        prices,
        budget);
  }

  /// This, with credentials of its own.
  public S3Options as(Credentials who) {
    return new S3Options(
        endpoint,
        region,
        pathStyle,
        Optional.of(who),
        storageClass,
        linger,
        inFlightMax,
        handover,
        trimDelay,
        prices,
        budget);
  }

  /// This, with objects of another storage class.
  public S3Options withStorageClass(Optional<String> name) {
    return new S3Options(
        endpoint,
        region,
        pathStyle,
        credentials,
        name,
        linger,
        inFlightMax,
        handover,
        trimDelay,
        prices,
        budget);
  }

  /// This, sending and deleting otherwise.
  public S3Options withTimes(Duration lingering, int inFlight, Duration delay) {
    return new S3Options(
        endpoint,
        region,
        pathStyle,
        credentials,
        storageClass,
        lingering,
        inFlight,
        handover,
        delay,
        prices,
        budget);
  }

  /// This, taking appends from other writers, and handing appends to those who do.
  public S3Options withHandover(Handover place) {
    return new S3Options(
        endpoint,
        region,
        pathStyle,
        credentials,
        storageClass,
        linger,
        inFlightMax,
        Optional.of(place),
        trimDelay,
        prices,
        budget);
  }

  /// This, where the store charges something else, and so much may be spent.
  public S3Options withCost(Optional<Prices> charged, Optional<Budget> allowed) {
    return new S3Options(
        endpoint,
        region,
        pathStyle,
        credentials,
        storageClass,
        linger,
        inFlightMax,
        handover,
        trimDelay,
        charged,
        allowed);
  }

  /// Checks that objects of this storage class can be made in this bucket.
  ///
  /// @throws IllegalArgumentException saying what to do instead
  public void checkFits(String bucket) {
    storageClass.ifPresent(name -> {
      if (AwsPlace.isDirectory(bucket) != name.equals(EXPRESS)) {
        throw new IllegalArgumentException(
            "a directory bucket (its name ends in --x-s3) has objects of the storage class "
                + EXPRESS
                + ", and no other bucket has: leave out the storage class "
                + name
                + ", or name a bucket of the other kind instead of "
                + bucket);
      }
    });
  }
}
