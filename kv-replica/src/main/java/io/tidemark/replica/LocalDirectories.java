package io.tidemark.replica;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// Moves and deletes whole directories, so that a crash leaves nothing that could be taken for
/// something else.
final class LocalDirectories {
  private LocalDirectories() {}

  /// Puts `from` in the place of `directory`, whose former content is left in `aside`.
  ///
  /// ```text
  ///   crash before 1    directory: the former view
  ///   1. rename directory to aside
  ///   crash before 2    directory: none, so an empty view is begun there
  ///   2. rename from to directory
  ///   crash after 2     directory: the new view
  /// ```
  ///
  /// @throws UncheckedIOException if that fails
  static void replace(Path directory, Path from, Path aside) {
    try {
      if (Files.exists(directory)) {
        Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(from, directory, StandardCopyOption.ATOMIC_MOVE);
      sync(parent(directory));
      sync(parent(aside));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the view in " + from + " could not be put in the place of " + directory, e);
    }
  }

  /// Deletes a directory with all that is in it, if it is there.
  ///
  /// @throws UncheckedIOException if that fails
  static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, @Nullable IOException failure)
                throws IOException {
              if (failure != null) {
                throw failure;
              }
              Files.delete(left);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("the directory " + directory + " could not be deleted", e);
    }
  }

  /// Makes it and all above it, empty: what was in it is deleted.
  ///
  /// @throws UncheckedIOException if that fails
  static void makeEmpty(Path directory) {
    delete(directory);
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("the directory " + directory + " could not be made", e);
    }
  }

  private static Path parent(Path path) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException(path + " is in no directory");
    }
    return parent;
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
