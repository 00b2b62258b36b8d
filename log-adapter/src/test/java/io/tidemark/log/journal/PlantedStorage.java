package io.tidemark.log.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// The storage of a journal with a bug planted in it, for the tests that must find it.
public final class PlantedStorage implements Storage {
  /// What it does wrong.
  public enum Bug {
    /// Nothing.
    NONE,
    /// Says that the disk has what it was not asked to keep; but a file was forced when it was
    /// made.
    M01,
    /// Does not make the names of files durable.
    M02,
    /// Tries a failed force again until it works.
    M03
  }

  private static final int FORCES_OF_A_NEW_FILE = 2;

  private final Storage storage;
  private final Bug bug;

  private PlantedStorage(Storage storage, Bug bug) {
    this.storage = storage;
    this.bug = bug;
  }

  /// The files of this directory, which nobody else may use.
  ///
  /// @throws IOException if it cannot be used
  public static Storage open(Path directory, Bug bug) throws IOException {
    return new PlantedStorage(DirectoryStorage.open(directory), bug);
  }

  @Override
  public String name() {
    return storage.name();
  }

  @Override
  public List<String> list() throws IOException {
    return storage.list();
  }

  @Override
  public StorageFile create(String file) throws IOException {
    return new PlantedFile(storage.create(file));
  }

  @Override
  public StorageFile open(String file) throws IOException {
    return new PlantedFile(storage.open(file));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    storage.rename(from, to);
  }

  @Override
  public void delete(String file) throws IOException {
    storage.delete(file);
  }

  @Override
  public void sync() throws IOException {
    if (bug != Bug.M02) {
      storage.sync();
    }
  }

  @Override
  public void close() throws IOException {
    storage.close();
  }

  private final class PlantedFile implements StorageFile {
    private final StorageFile file;
    private final AtomicInteger forces = new AtomicInteger();

    PlantedFile(StorageFile file) {
      this.file = file;
    }

    @Override
    public void write(ByteBuffer source, long offset) throws IOException {
      file.write(source, offset);
    }

    @Override
    public void read(ByteBuffer target, long offset) throws IOException {
      file.read(target, offset);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void force() throws IOException {
      switch (bug) {
        case M01 -> {
          if (forces.incrementAndGet() <= FORCES_OF_A_NEW_FILE) {
            file.force();
          }
        }
        case NONE, M02 -> file.force();
        case M03 -> forceSomehow();
      }
    }

    private void forceSomehow() throws IOException {
      for (int attempt = 0; ; attempt++) {
        try {
          file.force();
          return;
        } catch (IOException failure) {
          if (attempt > 10_000_000) {
            throw failure;
          }
        }
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
