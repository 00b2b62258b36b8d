package io.tidemark.log.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/// A [Storage] in a directory of the file system, which this process alone has open.
final class DirectoryStorage implements Storage {
  private final Path directory;
  private final DirectoryLock lock;

  private DirectoryStorage(Path directory, DirectoryLock lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /// Opens the directory, which is created where there is none.
  ///
  /// @throws DirectoryLock.InUseException if it is open already, here or in another process
  static DirectoryStorage open(Path directory) throws IOException {
    Path created = Files.createDirectories(directory.toAbsolutePath());
    return new DirectoryStorage(directory, DirectoryLock.acquire(created));
  }

  @Override
  public String name() {
    return directory.toString();
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public StorageFile create(String file) throws IOException {
    return new ChannelFile(
        FileChannel.open(
            directory.resolve(file),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE));
  }

  @Override
  public StorageFile open(String file) throws IOException {
    return new ChannelFile(
        FileChannel.open(
            directory.resolve(file), StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String file) throws IOException {
    Files.delete(directory.resolve(file));
  }

  @Override
  public ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes);
  }

  @Override
  public void sync() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  private record ChannelFile(FileChannel channel) implements StorageFile {
    @Override
    public void write(ByteBuffer source, long offset) throws IOException {
      long at = offset;
      while (source.hasRemaining()) {
        at += channel.write(source, at);
      }
    }

    @Override
    public void read(ByteBuffer target, long offset) throws IOException {
      long at = offset;
      while (target.hasRemaining()) {
        int count = channel.read(target, at);
        if (count < 0) {
          return;
        }
        at += count;
      }
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
