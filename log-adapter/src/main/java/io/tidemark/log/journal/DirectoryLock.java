package io.tidemark.log.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/// Keeps a directory to one owner: to one process by a kernel lock on its file `LOCK`, which ends
/// with the process however it ends, and to one opener in this process by a table.
final class DirectoryLock implements Closeable {
  private static final String FILE = "LOCK";

  // The kernel forgets a process's lock when the process closes *any* descriptor of the file, so a
  // second opener in this process must be turned away before it opens the file.
  private static final Set<Path> HELD = new HashSet<>();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /// Somebody else has the directory open.
  static final class InUseException extends IOException {
    private static final long serialVersionUID = 1;

    private InUseException(String message) {
      super(message);
    }
  }

  /// Takes the directory, which must exist.
  static DirectoryLock acquire(Path directory) throws IOException {
    Path real = directory.toRealPath();
    synchronized (HELD) {
      if (!HELD.add(real)) {
        throw new InUseException("the directory " + directory + " is open in this process");
      }
    }
    try {
      return new DirectoryLock(real, lock(real));
    } catch (IOException | RuntimeException failure) {
      release(real);
      throw failure;
    }
  }

  private static FileChannel lock(Path real) throws IOException {
    FileChannel channel =
        FileChannel.open(real.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw failure;
    }
    if (lock == null) {
      channel.close();
      throw new InUseException("the directory " + real + " is in use by another process");
    }
    return channel;
  }

  private static void release(Path real) {
    synchronized (HELD) {
      HELD.remove(real);
    }
  }

  /// Gives the directory back.
  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      channel.close();
      release(directory);
    }
  }
}
