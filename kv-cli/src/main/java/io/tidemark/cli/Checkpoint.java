package io.tidemark.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;
import java.util.zip.CRC32C;

/// How much of a file was imported: everything before an offset is acknowledged. It lives beside
/// the file as `FILE.tidemark-progress` until the import is complete.
///
/// @param offset the first byte of the first line that may not have been acknowledged
/// @param lines how many lines are before it
record Checkpoint(long offset, long lines) {
  static final Checkpoint BEGINNING = new Checkpoint(0, 0);

  /// So much before the offset is compared, to tell whether it is still the same file.
  private static final int COMPARED_BYTES_MAX = 4_096;

  static Path pathOf(Path file) {
    return file.resolveSibling(file.getFileName() + ".tidemark-progress");
  }

  /// Replaces what was saved beside the file, whole or not at all.
  void save(Path file) throws IOException {
    var properties = new Properties();
    properties.setProperty("offset", Long.toString(offset));
    properties.setProperty("lines", Long.toString(lines));
    properties.setProperty("crc32c-before", Long.toString(checksumBefore(file)));
    Path path = pathOf(file);
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    try (var out = Files.newBufferedWriter(fresh)) {
      properties.store(out, "tidemark import: everything before the offset is acknowledged");
    }
    try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// What was saved beside the file, or nothing. Where the file is not the one it was saved for,
  /// that is said.
  static Optional<Checkpoint> load(Path file) throws IOException {
    var properties = new Properties();
    try (var in = Files.newBufferedReader(pathOf(file))) {
      properties.load(in);
      var saved = new Checkpoint(number(properties, "offset"), number(properties, "lines"));
      if (saved.offset > Files.size(file)
          || saved.checksumBefore(file) != number(properties, "crc32c-before")) {
        throw new Errors.Failed(
            file
                + " is not the file that was imported up to line "
                + saved.lines
                + "; import it without --resume");
      }
      return Optional.of(saved);
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IllegalArgumentException | UncheckedIOException garbage) {
      throw new Errors.Failed(
          pathOf(file)
              + " is not a checkpoint of an import; remove it, or import without --resume");
    }
  }

  private long checksumBefore(Path file) throws IOException {
    long from = Math.max(0, offset - COMPARED_BYTES_MAX);
    var checksum = new CRC32C();
    try (var in = Files.newInputStream(file)) {
      in.skipNBytes(from);
      checksum.update(in.readNBytes((int) (offset - from)));
    }
    return checksum.getValue();
  }

  private static long number(Properties properties, String name) {
    long number = Long.parseLong(properties.getProperty(name, "none"));
    if (number < 0) {
      throw new IllegalArgumentException(name);
    }
    return number;
  }
}
