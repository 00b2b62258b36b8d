package io.tidemark.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Where one process writes objects before they have their names.
///
/// ```text
///   .writing/LOCK          held while somebody opens or closes
///   .writing/<id>.lock     held by its process while it lives
///   .writing/<id>/         what it is writing
/// ```
///
/// What processes left that ended is removed when somebody opens: the lock of such a one is free.
final class Scratch implements AutoCloseable {
  private static final String FOLDER = ".writing";
  private static final String LOCK_SUFFIX = ".lock";

  // Of this process: closing any channel of a file lets go of all the process's locks on it, so
  // that these must not be tried.
  private static final Set<Path> MINE = new HashSet<>();

  private final Path folder;
  private final Path lockFile;
  private final FileChannel lock;
  private final Path own;
  private final AtomicLong written = new AtomicLong();

  private Scratch(Path folder, Path lockFile, FileChannel lock, Path own) {
    this.folder = folder;
    this.lockFile = lockFile;
    this.lock = lock;
    this.own = own;
  }

  static Scratch open(Path root) throws IOException {
    Path folder = root.resolve(FOLDER);
    Files.createDirectories(folder);
    synchronized (MINE) {
      try (var all = channel(folder.resolve("LOCK"));
          var _ = all.lock()) {
        removeLeft(folder);
        String id = UUID.randomUUID().toString();
        Path lockFile = folder.resolve(id + LOCK_SUFFIX).toAbsolutePath();
        FileChannel lock = channel(lockFile);
        if (lock.tryLock() == null) {
          lock.close();
          throw new IOException(lockFile + " is locked by somebody else");
        }
        Path own = Files.createDirectory(folder.resolve(id));
        MINE.add(lockFile);
        return new Scratch(folder, lockFile, lock, own);
      }
    }
  }

  private static FileChannel channel(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static void removeLeft(Path folder) throws IOException {
    List<Path> locks;
    try (Stream<Path> files = Files.list(folder)) {
      locks = files.filter(file -> file.toString().endsWith(LOCK_SUFFIX)).toList();
    }
    for (Path file : locks) {
      if (MINE.contains(file.toAbsolutePath())) {
        continue;
      }
      try (var channel = channel(file);
          var free = channel.tryLock()) {
        if (free != null) {
          String name = file.getFileName().toString();
          String id = name.substring(0, name.length() - LOCK_SUFFIX.length());
          Directories.remove(folder.resolve(id));
          Files.delete(file);
        }
      }
    }
  }

  /// A name that nobody else uses.
  Path next() {
    return own.resolve(Long.toString(written.getAndIncrement()));
  }

  Path folder() {
    return folder;
  }

  @Override
  public void close() {
    synchronized (MINE) {
      if (!MINE.contains(lockFile)) {
        return;
      }
      try (var all = channel(folder.resolve("LOCK"));
          var _ = all.lock()) {
        Directories.remove(own);
        Files.deleteIfExists(lockFile);
        lock.close();
        MINE.remove(lockFile);
      } catch (IOException e) {
        throw new CheckpointException.Local(folder + " cannot be tidied: " + e, e);
      }
    }
  }
}
