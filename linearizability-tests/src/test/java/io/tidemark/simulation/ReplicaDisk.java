package io.tidemark.simulation;

import io.tidemark.replica.Environment;
import io.tidemark.statemachine.StoredView;
import io.tidemark.statemachine.ViewStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// The disk of a replica's machine: the simulated view of the replica, and beside it a directory of
/// the machine that runs the tests, in its memory where it has files there, for the views that are
/// copied, fetched and folded aside. What a crash leaves in it is what was written by then.
final class ReplicaDisk implements Environment.Views {
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final String VIEW = "view";

  private final Path root;
  private final ViewStore view;
  private final Events events;

  /// What happens to a disk.
  interface Events {
    /// Something takes a moment, in which others go on and the machine may crash.
    void step(String what);

    /// A checkpoint has taken the place of a view that had applied this much.
    void replaced(long before);
  }

  /// @param view empty
  ReplicaDisk(ViewStore view, Events events) {
    this.view = view;
    this.events = events;
    try {
      root = makeDirectory();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Makes an empty directory on the machine that runs the tests.
  static Path makeDirectory() throws IOException {
    return Files.isWritable(SHARED_MEMORY)
        ? Files.createTempDirectory(SHARED_MEMORY, "simulated-disk")
        : Files.createTempDirectory("simulated-disk");
  }

  /// Where the replica keeps its view.
  Path directory() {
    return root.resolve(VIEW);
  }

  @Override
  public StoredView open(Path directory, long memoryBytes) {
    events.step("open");
    return directory.equals(directory()) ? view.open() : ViewStore.open(directory);
  }

  @Override
  public void replace(Path directory, Path from, Path aside) {
    long before = view.durablyApplied();
    view.remove();
    events.step("replace");
    view.install(from);
    remove(from);
    events.replaced(before);
    events.step("replaced");
  }

  /// Loses everything that is on it.
  void clear() {
    view.remove();
    remove(root.resolve(VIEW + ".work"));
  }

  /// Removes the directory on the machine that runs the tests.
  void remove() {
    remove(root);
  }

  /// Removes a directory and all that is in it, if it is there.
  static void remove(Path directory) {
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
}
