package io.tidemark.checkpoint;

import io.tidemark.base.Bytes;
import io.tidemark.log.s3.ObjectStore;
import io.tidemark.log.s3.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The objects below a directory, each a file: for checkpoints on a disk of this machine, or on a
/// file system that several machines share.
///
/// An object is written and synced under a name of its own and then *linked* to its key, which
/// fails where there is one: that is put-if-absent, between processes too. The directory is synced
/// before an object is told to be there, to its maker as well as to its readers.
public final class DirectoryObjectStore implements ObjectStore {
  private static final int THREADS = 4;
  private static final int ATTEMPTS_MAX = 10;
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9-]+(/[A-Za-z0-9-]+)*");
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9/-]*");
  private static final int KEY_LENGTH_MAX = 512;

  private final Path root;
  private final Scratch scratch;
  private final Executor executor;
  private final Runnable onClose;
  private volatile boolean closed;

  private DirectoryObjectStore(Path root, Scratch scratch, Executor executor, Runnable onClose) {
    this.root = root;
    this.scratch = scratch;
    this.executor = executor;
    this.onClose = onClose;
  }

  /// Opens the directory, with threads of its own called `kv-checkpoint-files-*`.
  ///
  /// @param root is made if it is not there
  /// @throws CheckpointException.Local if it cannot be used
  public static DirectoryObjectStore open(Path root) {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("kv-checkpoint-files-", 0).factory());
    try {
      return open(root, threads, threads::shutdown);
    } catch (CheckpointException failure) {
      threads.shutdown();
      throw failure;
    }
  }

  /// Opens the directory, to be used on this executor: one that runs everything at once makes calls
  /// block.
  ///
  /// @throws CheckpointException.Local if it cannot be used
  public static DirectoryObjectStore open(Path root, Executor executor) {
    return open(root, executor, () -> {});
  }

  private static DirectoryObjectStore open(Path root, Executor executor, Runnable onClose) {
    try {
      return new DirectoryObjectStore(root, Scratch.open(root), executor, onClose);
    } catch (IOException e) {
      throw new CheckpointException.Local(root + " cannot be used: " + e, e);
    }
  }

  @Override
  public CompletableFuture<Creation> putIfAbsent(String key, Bytes body) {
    Path target = path(key);
    if (body.length() > OBJECT_BYTES_MAX) {
      throw new IllegalArgumentException(
          "an object has at most " + OBJECT_BYTES_MAX + " bytes, not " + body.length());
    }
    return run(() -> create(target, body))
        .exceptionally(failure -> {
          if (unwrapped(failure) instanceof StoreException.Unavailable away) {
            return new Creation.Undecided(String.valueOf(away.getMessage()), false);
          }
          throw (StoreException) unwrapped(failure);
        });
  }

  private static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof StoreException || cause == null ? failure : cause;
  }

  private Creation create(Path target, Bytes body) throws IOException {
    Path written = scratch.next();
    try {
      try (var out =
          FileChannel.open(written, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        for (ByteBuffer left = body.asBuffer(); left.hasRemaining(); ) {
          out.write(left);
        }
        out.force(true);
      }
      return link(written, target);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private Creation link(Path written, Path target) throws IOException {
    Path folder = Directories.parent(target);
    for (int attempt = 1; ; attempt++) {
      makeDirectories(folder);
      try {
        Files.createLink(target, written);
        Directories.sync(folder);
        return new Creation.Created();
      } catch (FileAlreadyExistsException e) {
        // By somebody who may not have come so far.
        Directories.sync(folder);
        return new Creation.Exists();
      } catch (NoSuchFileException e) {
        // Somebody removed the folder while it was empty.
        if (attempt == ATTEMPTS_MAX) {
          throw e;
        }
      }
    }
  }

  private void makeDirectories(Path folder) throws IOException {
    if (folder.equals(root) || Files.isDirectory(folder)) {
      return;
    }
    Path parent = Directories.parent(folder);
    makeDirectories(parent);
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      // By somebody else; or the parent was removed while it was empty, which linking notices.
      if (!Files.exists(parent)) {
        return;
      }
    }
    Directories.sync(parent);
  }

  @Override
  public CompletableFuture<Optional<Bytes>> get(String key) {
    Path file = path(key);
    return run(() -> {
      try {
        byte[] found = Files.readAllBytes(file);
        // What is told to be there must still be there after a power cut.
        Directories.sync(Directories.parent(file));
        return Optional.of(Bytes.wrap(found));
      } catch (NoSuchFileException e) {
        return Optional.empty();
      }
    });
  }

  /// Names all of them at once.
  @Override
  public CompletableFuture<Page> list(String prefix, Optional<String> after) {
    if (!PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException("'" + prefix + "' is no beginning of a key");
    }
    return run(() -> {
      var keys = new ArrayList<String>();
      int slash = prefix.lastIndexOf('/');
      list(slash < 0 ? root : root.resolve(prefix.substring(0, slash)), prefix, keys);
      return new Page(keys, Optional.empty());
    });
  }

  private void list(Path folder, String prefix, List<String> keys) throws IOException {
    List<Path> entries;
    try (Stream<Path> found = Files.list(folder)) {
      entries = found.toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return;
    }
    for (Path entry : entries) {
      String key = root.relativize(entry).toString();
      if (Files.isDirectory(entry)) {
        String inside = key + "/";
        boolean mayMatch = inside.startsWith(prefix) || prefix.startsWith(inside);
        if (mayMatch && !entry.equals(scratch.folder())) {
          list(entry, prefix, keys);
        }
      } else if (key.startsWith(prefix)) {
        keys.add(key);
      }
    }
  }

  @Override
  public CompletableFuture<Void> delete(List<String> keys) {
    if (keys.isEmpty() || keys.size() > DELETE_KEYS_MAX) {
      throw new IllegalArgumentException(
          "1 to " + DELETE_KEYS_MAX + " keys are deleted at a time, not " + keys.size());
    }
    List<Path> files = keys.stream().map(this::path).toList();
    return run(
            () -> {
              for (Path file : files) {
                Files.deleteIfExists(file);
                removeIfEmpty(Directories.parent(file));
              }
              return files;
            })
        .thenAccept(_ -> {});
  }

  private void removeIfEmpty(Path folder) throws IOException {
    if (!folder.equals(root)) {
      try {
        Files.deleteIfExists(folder);
      } catch (DirectoryNotEmptyException e) {
        return;
      }
      removeIfEmpty(Directories.parent(folder));
    }
  }

  private interface Work<T> {
    T run() throws IOException;
  }

  private <T> CompletableFuture<T> run(Work<T> work) {
    Supplier<T> guarded =
        () -> {
          if (closed) {
            throw new StoreException.Unavailable(root + " is closed", false);
          }
          try {
            return work.run();
          } catch (AccessDeniedException | ReadOnlyFileSystemException e) {
            throw new StoreException.Refused("no permission: " + e.getMessage());
          } catch (IOException e) {
            throw new StoreException.Unavailable(e.toString(), false);
          }
        };
    try {
      return CompletableFuture.supplyAsync(guarded, executor);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(
          new StoreException.Unavailable(root + " is closed", false));
    }
  }

  private Path path(String key) {
    if (key.length() > KEY_LENGTH_MAX || !KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("'" + key + "' is no key");
    }
    return root.resolve(key);
  }

  @Override
  public String toString() {
    return root.toString();
  }

  @Override
  public void close() {
    closed = true;
    onClose.run();
    scratch.close();
  }
}
