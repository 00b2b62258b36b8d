package io.tidemark.client;

import java.util.Optional;
import java.util.OptionalLong;

/// What a server is, what it accepts, and how far it has come.
///
/// @param endpoint the endpoint that answered, `HOST:PORT`
/// @param version the server's version, "1.2.3"
/// @param limits what it accepts
/// @param log the log it stands on
/// @param revision every change up to this revision is in its view
/// @param stoppedBecause why its replica stopped; absent while it is well
public record ServerInfo(
    String endpoint,
    String version,
    Limits limits,
    LogStatus log,
    long revision,
    Optional<String> stoppedBecause) {

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
  public record LogStatus(
      String address, String id, OptionalLong tail, Optional<String> unavailableBecause) {}
}
