package io.tidemark.client;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// What a server is, what it accepts, and how far it has come.
///
/// @param endpoint the endpoint that answered, `HOST:PORT`
/// @param version the server's version, "1.2.3"
/// @param limits what it accepts
/// @param log the log it stands on
/// @param revision every change up to this revision is in its view
/// @param stoppedBecause why its replica stopped; absent while it is well
/// @param checkpoints how it takes part in checkpoints; absent where it does not
public record ServerInfo(
    String endpoint,
    String version,
    Limits limits,
    LogStatus log,
    long revision,
    Optional<String> stoppedBecause,
    Optional<CheckpointStatus> checkpoints) {

  /// What a server accepts.
  ///
  /// @param keyBytesMax the longest key, in bytes
  /// @param valueBytesMax the longest value, in bytes
  /// @param requestBytesMax the largest request, all its keys and values together, in bytes
  /// @param batchKeysMax the most keys of a batch get
  /// @param transactionStepsMax the most conditions and operations of a transaction together
  /// @param sessionWindow how far apart the sequences under way in one session may be
  /// @param sessionsMax how many sessions are remembered
  public record Limits(
      long keyBytesMax,
      long valueBytesMax,
      long requestBytesMax,
      int batchKeysMax,
      int transactionStepsMax,
      int sessionWindow,
      int sessionsMax) {}

  /// The log a server stands on.
  ///
  /// @param address the address the server was given
  /// @param id the log's identity, a UUID; empty while it is not known
  /// @param tail the log's tail as just asked for; absent when the log could not tell in time
  /// @param unavailableBecause why the log could not tell; absent when it could
  /// @param cost what it costs this server; absent where its requests cost nothing
  public record LogStatus(
      String address,
      String id,
      OptionalLong tail,
      Optional<String> unavailableBecause,
      Optional<LogCost> cost) {}

  /// How a server takes part in checkpoints.
  ///
  /// @param doing what it is doing about them now, with progress; empty while it does nothing
  /// @param last the newest complete one that it knows of
  /// @param verifiedRevision the revision of the newest one that may be relied on
  /// @param trimPoint the first position that the log still has, when it was last told
  /// @param logBytesSinceMark bytes of records since the last one was begun
  /// @param made how many this server made since its start
  /// @param verified how many it found right
  /// @param installed how many it installed
  /// @param failures attempts that failed, and were or will be made again
  /// @param lastFailure the last of these; empty if the same has succeeded since
  public record CheckpointStatus(
      String doing,
      Optional<Checkpoint> last,
      OptionalLong verifiedRevision,
      OptionalLong trimPoint,
      long logBytesSinceMark,
      long made,
      long verified,
      long installed,
      long failures,
      String lastFailure) {}

  /// A complete checkpoint.
  ///
  /// @param revision every change up to this revision is in it
  /// @param logTimeMillis the log's time there, in milliseconds since 1970
  /// @param bytes of all its files
  /// @param newBytes of those, what was uploaded for it
  public record Checkpoint(long revision, long logTimeMillis, long bytes, long newBytes) {}

  /// What a log costs a server, at the prices that the server was given. What is stored is not in
  /// it.
  ///
  /// @param requests everything that was asked since the log was opened, each kind and purpose once
  /// @param sinceStart what was spent since the server's start
  /// @param lately what was spent since this was last asked for, or at least in the last minute
  /// @param budgetDollarsPerHour what the server was told to keep to
  public record LogCost(
      List<LogRequests> requests,
      Spending sinceStart,
      Spending lately,
      OptionalDouble budgetDollarsPerHour) {
    /// Copies the list.
    public LogCost {
      requests = List.copyOf(requests);
    }
  }

  /// Requests that were sent to a log's provider.
  ///
  /// @param kind what they are billed as: `put`, `get`, `list` or `delete`
  /// @param purpose what they are for: `append`, `tail`, `follow` or `upkeep`
  /// @param requests how many
  /// @param missed of those, to create what was there, or to read what was not
  /// @param failed of those, answered with an error or not at all
  /// @param throttled of the failed, those by which the provider asked for fewer requests
  /// @param bytesSent of the objects in them
  /// @param bytesReceived of the objects in their answers
  /// @param dollars what they cost
  public record LogRequests(
      String kind,
      String purpose,
      long requests,
      long missed,
      long failed,
      long throttled,
      long bytesSent,
      long bytesReceived,
      double dollars) {}

  /// What was spent in some time.
  ///
  /// @param seconds how long that was
  /// @param dollars everything, following the log and its upkeep included
  /// @param writes records that the server put into the log, those handed to it included
  /// @param writeDollars what was spent on them
  /// @param strongReads linearizable reads that were begun
  /// @param readDollars what was spent on them, and on others who asked for the tail
  public record Spending(
      double seconds,
      double dollars,
      long writes,
      double writeDollars,
      long strongReads,
      double readDollars) {
    /// What a million writes cost at that rate; absent where there were none.
    public OptionalDouble dollarsPerMillionWrites() {
      return perMillion(writeDollars, writes);
    }

    /// What a million strong reads cost at that rate; absent where there were none.
    public OptionalDouble dollarsPerMillionStrongReads() {
      return perMillion(readDollars, strongReads);
    }

    private static OptionalDouble perMillion(double dollars, long count) {
      return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(dollars / count * 1e6);
    }
  }
}
