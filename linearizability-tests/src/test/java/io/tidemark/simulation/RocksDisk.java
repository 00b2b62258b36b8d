package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.statemachine.DrawnView;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.RocksView;
import io.tidemark.statemachine.Snapshot;
import io.tidemark.statemachine.StoredView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The real thing in place of a simulated view: RocksDB in a directory of the machine that runs the
/// tests, in its memory where it has files there. A crash loses nothing here; losing the view does.
final class RocksDisk {
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  private final Path directory;
  private final RandomGenerator random;
  private @Nullable RocksView open;

  /// @param random draws what is in memory
  RocksDisk(RandomGenerator random) {
    this.random = random;
    try {
      directory =
          Files.isWritable(SHARED_MEMORY)
              ? Files.createTempDirectory(SHARED_MEMORY, "simulated-view")
              : Files.createTempDirectory("simulated-view");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  StoredView open() {
    RocksView view = RocksView.open(directory, RocksView.MEMORY_BYTES_MIN);
    open = view;
    return new DrawnView(view, random);
  }

  /// Lets go of the files; closing twice does nothing.
  void crash() {
    if (open != null) {
      open.close();
      open = null;
    }
  }

  /// Removes everything.
  void lose() {
    crash();
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What the open view holds for its users.
  Map<Bytes, KeyValue> contents() {
    var contents = new TreeMap<Bytes, KeyValue>();
    if (open != null) {
      try (var snapshot = open.snapshot();
          var cursor = snapshot.scan(KeyRange.ALL, Snapshot.Direction.FORWARD)) {
        while (cursor.next()) {
          contents.put(cursor.key(), cursor.keyValue());
        }
      }
    }
    return contents;
  }
}
