package io.tidemark.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A disk that fails or is slow to sync when it is told to, for one process: a shim before the C
/// library, compiled when it is first needed.
final class FailingDisk {
  private static final String SHIM =
      """
      #define _GNU_SOURCE
      #include <dlfcn.h>
      #include <errno.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <unistd.h>

      /* The file says nothing, "fail", or for how many microseconds to wait. */
      static int trouble(void) {
        FILE *told = fopen(getenv("DISK_TROUBLE"), "r");
        char word[16] = "";
        if (told != NULL) {
          if (fscanf(told, "%15s", word) != 1) word[0] = 0;
          fclose(told);
        }
        if (word[0] == 'f') {
          errno = EIO;
          return -1;
        }
        if (word[0] != 0) usleep(atoi(word));
        return 0;
      }

      int fdatasync(int fd) {
        int (*real)(int) = dlsym(RTLD_NEXT, "fdatasync");
        return trouble() == 0 ? real(fd) : -1;
      }

      int fsync(int fd) {
        int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
        return trouble() == 0 ? real(fd) : -1;
      }
      """;

  private final Path library;
  private final Path trouble;

  private FailingDisk(Path library, Path trouble) {
    this.library = library;
    this.trouble = trouble;
  }

  /// Why there can be none here; empty if there can.
  static Optional<String> lacks() {
    return Shell.has("gcc") ? Optional.empty() : Optional.of("not installed: gcc");
  }

  /// Makes one; its files lie in this directory.
  static FailingDisk in(Path directory) {
    Path source = directory.resolve("disk.c");
    Path library = directory.resolve("disk.so");
    Path trouble = directory.resolve("trouble");
    try {
      Files.writeString(source, SHIM);
      Files.writeString(trouble, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Shell.run("gcc", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl");
    return new FailingDisk(library, trouble);
  }

  /// Starts a process on this disk.
  Launch under(Launch launch) {
    return launch.with("LD_PRELOAD", library.toString()).with("DISK_TROUBLE", trouble.toString());
  }

  /// From here on every sync fails with `EIO`.
  void fail() {
    tell("fail");
  }

  /// From here on every sync takes so much longer.
  void slow(int millis) {
    tell("" + millis * 1_000);
  }

  /// From here on syncs work.
  void mend() {
    tell("");
  }

  private void tell(String word) {
    try {
      // In one step: nobody reads half of it.
      Path next = Files.writeString(trouble.resolveSibling("trouble.next"), word);
      Files.move(
          next,
          trouble,
          java.nio.file.StandardCopyOption.ATOMIC_MOVE,
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
