package io.tidemark.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files of a checkpoint's local directory, read piece by piece. One thread uses it.
final class LocalFiles implements AutoCloseable {
  private final Path directory;
  private final SortedMap<String, Long> lengths;
  private @Nullable InputStream open;
  private long left;

  private LocalFiles(Path directory, SortedMap<String, Long> lengths) {
    this.directory = directory;
    this.lengths = lengths;
  }

  static LocalFiles read(Path directory) {
    var lengths = new TreeMap<String, Long>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        if (!Files.isRegularFile(file)) {
          throw new CheckpointException.Local(file + " is no file of a checkpoint", null);
        }
        lengths.put(file.getFileName().toString(), Files.size(file));
      }
    } catch (IOException e) {
      throw failed(directory, e);
    }
    return new LocalFiles(directory, lengths);
  }

  List<String> names() {
    return List.copyOf(lengths.keySet());
  }

  long bytes() {
    return lengths.values().stream().mapToLong(length -> length).sum();
  }

  /// The first piece of the file; empty for an empty file.
  byte[] first(String name) throws InterruptedException {
    close();
    try {
      open = Files.newInputStream(directory.resolve(name));
      left = lengths.getOrDefault(name, 0L);
    } catch (IOException e) {
      throw failed(directory, e);
    }
    return next();
  }

  /// The next piece of the file; empty at its end.
  ///
  /// @throws InterruptedException if the thread was interrupted
  byte[] next() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("a file was being read");
    }
    InputStream from = open;
    if (from == null || left == 0) {
      return new byte[0];
    }
    int wanted = (int) Math.min(left, Manifest.PIECE_BYTES_MAX);
    try {
      byte[] piece = from.readNBytes(wanted);
      if (piece.length < wanted) {
        throw new CheckpointException.Local(directory + ": a file became shorter", null);
      }
      left -= wanted;
      return piece;
    } catch (ClosedByInterruptException e) {
      throw Directories.interrupted();
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  private static CheckpointException failed(Path directory, IOException e) {
    return new CheckpointException.Local(directory + " cannot be read: " + e, e);
  }

  @Override
  public void close() {
    try {
      if (open != null) {
        open.close();
        open = null;
      }
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  /// A piece of a local file of this name, if one of the directories has such a file of this
  /// length: to be compared with what is wanted before it is used.
  static byte @Nullable [] piece(
      List<Path> directories, String name, long fileLength, long from, int length) {
    for (Path directory : directories) {
      Path file = directory.resolve(name);
      try {
        if (Files.isRegularFile(file) && Files.size(file) == fileLength) {
          try (var channel = Files.newByteChannel(file)) {
            var buffer = ByteBuffer.allocate(length);
            channel.position(from);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
            if (!buffer.hasRemaining()) {
              return buffer.array();
            }
          }
        }
      } catch (IOException e) {
        // The store has it, too.
      }
    }
    return null;
  }
}
