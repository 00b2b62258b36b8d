package io.tidemark.log;

import io.tidemark.log.journal.JournalConfig;
import io.tidemark.log.journal.JournalLog;
import io.tidemark.log.memory.MemoryLog;
import io.tidemark.log.remote.RemoteLog;
import io.tidemark.log.remote.RemoteLogConfig;
import io.tidemark.log.s3.S3Logs;
import java.util.function.Supplier;

/// Opens logs as a process uses them: with the machine's clock, threads and randomness, and the
/// settings that suit most. Other settings are given to a provider directly.
public final class Logs {
  private Logs() {}

  /// Opens the log at this address. A journal is read to its end, and created where there is none;
  /// a remote log need not be there yet; a bucket must be, and show that it is fit.
  ///
  /// @throws LogException.Unavailable if a journal's directory is in use or does not work, or a
  ///   bucket cannot be used
  /// @throws LogException.Corrupt if a journal or what is in a bucket is damaged
  /// @throws IllegalStateException if the libraries that the provider needs are not on the class
  ///   path
  public static Log open(LogAddress address) {
    return switch (address) {
      case LogAddress.Memory _ -> MemoryLog.create();
      case LogAddress.Journal(var directory) -> JournalLog.open(JournalConfig.of(directory));
      case LogAddress.Remote(var host, var port) -> remote(host, port);
      case LogAddress.S3(var bucket, var prefix, var options) ->
          s3(() -> S3Logs.open(bucket, prefix, options));
    };
  }

  /// Creates a log that begins at `firstPosition`, or as soon after it as the provider can begin
  /// one, and opens it. To readers it is as a log that was trimmed up to there. A crash on the way
  /// leaves no log or the whole one.
  ///
  /// @throws LogExistsException if there is a log already; it is left as it is
  /// @throws IllegalArgumentException if the address is `remote:`, since the process that serves a
  ///   log creates it, or no log may begin there
  /// @throws LogException as [#open] does
  public static Log create(LogAddress address, long firstPosition) {
    AppendRules.checkFirstPosition(firstPosition);
    return switch (address) {
      case LogAddress.Memory _ -> MemoryLog.beginningAt(firstPosition);
      case LogAddress.Journal(var directory) ->
          JournalLog.create(JournalConfig.of(directory), firstPosition);
      case LogAddress.Remote remote ->
          throw new IllegalArgumentException(
              remote
                  + " names a log that another process serves; create it there, as a journal: or"
                  + " an s3: log");
      case LogAddress.S3(var bucket, var prefix, var options) ->
          s3(() -> S3Logs.create(bucket, prefix, options, firstPosition));
    };
  }

  /// Whether there is a log at this address, as far as it can be told without opening one: of
  /// `remote:` it is said that there is. Changes nothing, and asks for no lock.
  ///
  /// @throws LogException.Unavailable if the directory or the bucket cannot be read
  /// @throws LogException.Corrupt if what is in the bucket is no log
  /// @throws IllegalStateException as [#open] does
  public static boolean exists(LogAddress address) {
    return switch (address) {
      case LogAddress.Memory _ -> false;
      case LogAddress.Journal(var directory) -> JournalLog.exists(directory);
      case LogAddress.Remote _ -> true;
      case LogAddress.S3(var bucket, var prefix, var options) ->
          s3(() -> S3Logs.exists(bucket, prefix, options));
    };
  }

  private static <T> T s3(Supplier<T> opening) {
    try {
      return opening.get();
    } catch (NoClassDefFoundError missing) {
      throw new IllegalStateException(
          "logs in buckets need software.amazon.awssdk:s3 and netty-nio-client on the class path",
          missing);
    }
  }

  private static Log remote(String host, int port) {
    try {
      return RemoteLog.open(RemoteLogConfig.of(host, port));
    } catch (NoClassDefFoundError missing) {
      throw new IllegalStateException(
          "remote logs need io.grpc:grpc-netty-shaded, grpc-protobuf, grpc-stub and grpc-services"
              + " on the class path",
          missing);
    }
  }
}
