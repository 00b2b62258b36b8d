package io.tidemark.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;

/// What is done to whole local directories.
final class Directories {
  private Directories() {}

  /// Removes the directory and all below it, if it is there.
  static void remove(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new CheckpointException.Local(directory + " cannot be removed: " + e, e);
    }
  }

  static void requireAbsentOrEmpty(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      if (files.findAny().isEmpty()) {
        return;
      }
    } catch (IOException e) {
      throw new CheckpointException.Local(directory + " cannot be used: " + e, e);
    }
    throw new CheckpointException.Local(
        directory + " is not empty, and nothing in it is overwritten: name another directory",
        null);
  }

  /// Says that a channel was closed because its thread was interrupted, whose mark is taken away.
  static InterruptedException interrupted() {
    var _ = Thread.interrupted();
    return new InterruptedException("a file was being read or written");
  }

  /// Makes the names in the directory durable.
  static void sync(Path directory) throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// Gives a directory another name, durably; an empty one of that name is replaced.
  static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    sync(parent(to.toAbsolutePath()));
  }

  /// The directory that holds it; there is one.
  static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent(), "nothing holds a root");
  }
}
