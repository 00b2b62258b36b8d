package io.tidemark.log;

import io.tidemark.log.journal.JournalConfig;
import io.tidemark.log.journal.JournalLog;
import io.tidemark.log.memory.MemoryLog;
import io.tidemark.log.remote.RemoteLog;
import io.tidemark.log.remote.RemoteLogConfig;

/// Opens logs as a process uses them: with the machine's clock, threads and randomness, and the
/// settings that suit most. Other settings are given to a provider directly.
public final class Logs {
  private Logs() {}

  /// Opens the log at this address. A journal is read to its end, and created where there is none;
  /// a remote log need not be there yet.
  ///
  /// @throws LogException.Unavailable if a journal's directory is in use or does not work
  /// @throws LogException.Corrupt if a journal is damaged
  /// @throws IllegalStateException if the address is remote and gRPC is not on the class path
  public static Log open(LogAddress address) {
    return switch (address) {
      case LogAddress.Memory _ -> MemoryLog.create();
      case LogAddress.Journal(var directory) -> JournalLog.open(JournalConfig.of(directory));
      case LogAddress.Remote(var host, var port) -> remote(host, port);
    };
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
