package io.tidemark.processes;

import io.tidemark.log.Log;
import io.tidemark.log.journal.JournalConfig;
import io.tidemark.log.journal.JournalLog;
import io.tidemark.log.journal.PlantedStorage;
import io.tidemark.log.remote.LogServer;
import io.tidemark.log.remote.LogServerConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/// A log server with a bug planted in it, see [PlantedLog] and [PlantedStorage], or with small
/// segments; takes the arguments of the real one.
public final class PlantedLogServer {
  /// The variable that says how large segments are; as large as always where it is absent.
  private static final String SEGMENT_BYTES = "PLANTED_SEGMENT_BYTES";

  private PlantedLogServer() {}

  /// How to start one with this bug.
  static Launch with(String bug) {
    return Launch.PLAIN.of(PlantedLogServer.class).with(PlantedLog.BUG, bug);
  }

  /// How to start one with segments of so many bytes.
  static Launch withSegments(String bug, int bytes) {
    return with(bug).with(SEGMENT_BYTES, "" + bytes);
  }

  /// Serves until the process ends.
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(PlantedLog.value(arguments, "--log").substring("journal:".length()));
    String[] listen = PlantedLog.value(arguments, "--listen").split(":", -1);
    var config = JournalConfig.of(directory);
    String segmentBytes = System.getenv(SEGMENT_BYTES);
    if (segmentBytes != null) {
      config = config.withSegmentBytes(Integer.parseInt(segmentBytes));
    }
    var storageBug =
        Arrays.stream(PlantedStorage.Bug.values())
            .filter(bug -> bug.name().equals(PlantedLog.bug()))
            .findAny()
            .orElse(PlantedStorage.Bug.NONE);
    Log journal = JournalLog.open(config, PlantedStorage.open(directory, storageBug));
    LogServer.start(
        PlantedLog.of(journal), LogServerConfig.of(listen[0], Integer.parseInt(listen[1])));
    System.out.println("ready");
    new CountDownLatch(1).await();
  }
}
