package io.tidemark.log;

import io.tidemark.log.journal.JournalConfig;
import io.tidemark.log.journal.JournalLog;
import io.tidemark.log.memory.MemoryLog;
import io.tidemark.log.remote.RemoteLog;
import io.tidemark.log.remote.RemoteLogConfig;
import io.tidemark.log.s3.S3Logs;
import io.tidemark.log.s3.S3Options;

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
      case LogAddress.S3(var bucket, var prefix, var options) -> s3(bucket, prefix, options);
    };
  }

  private static Log s3(String bucket, String prefix, S3Options options) {
    try {
      return S3Logs.open(bucket, prefix, options);
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
