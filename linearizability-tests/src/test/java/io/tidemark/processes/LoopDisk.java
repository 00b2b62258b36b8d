package io.tidemark.processes;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/// A small disk of its own: a file system in a file, mounted, whose power can be cut. Needs root.
///
/// It is gone after [#close], after the tests were interrupted, and where a run was killed, when
/// the next makes a disk.
final class LoopDisk implements AutoCloseable {
  private static final Pattern MOUNT = Pattern.compile("(\\S+/tidemark-disk-(\\d+)-\\d+)/mount");
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Set<LoopDisk> MOUNTED = ConcurrentHashMap.newKeySet();

  static {
    removeLeftovers();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> MOUNTED.forEach(LoopDisk::close)));
  }

  private final Path directory;
  private final Path image;
  private final Path mount;

  private LoopDisk(Path directory) {
    this.directory = directory;
    this.image = directory.resolve("image");
    this.mount = directory.resolve("mount");
  }

  /// Why there can be none of this kind here; empty if there can.
  static Optional<String> lacks(String fileSystem) {
    return Shell.lacks("mkfs." + fileSystem, "mount", "umount", "losetup");
  }

  /// Skips the test, with the reason, where there can be none of this kind.
  static void assume(String fileSystem) {
    var lacks = lacks(fileSystem);
    Assumptions.assumeTrue(lacks.isEmpty(), () -> "no disk to cut: " + lacks.orElseThrow());
  }

  /// Makes a file system of this kind (`ext4`, `xfs`) and so many MiB, and mounts it.
  static LoopDisk create(String fileSystem, int mebibytes) {
    String name = "tidemark-disk-" + ProcessHandle.current().pid() + "-" + COUNT.getAndIncrement();
    var disk = new LoopDisk(Path.of(System.getProperty("java.io.tmpdir"), name));
    MOUNTED.add(disk);
    try {
      Files.createDirectories(disk.mount);
      try (var file = new RandomAccessFile(disk.image.toFile(), "rw")) {
        file.setLength((long) mebibytes << 20);
      }
      Shell.run("mkfs." + fileSystem, "-q", disk.image.toString());
      disk.mount();
      return disk;
    } catch (IOException e) {
      disk.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      disk.close();
      throw e;
    }
  }

  /// Where its files are.
  Path path() {
    return mount;
  }

  private void mount() {
    Shell.run("mount", "-o", "loop", image.toString(), mount.toString());
  }

  /// Cuts the power: from here on nothing reaches the disk, and what was not synced is lost.
  void cut() {
    PowerSwitch.off(mount);
  }

  /// Turns it on again, as a machine starts: the file system recovers. Nobody may use it meanwhile.
  void turnOn() {
    Shell.run("umount", mount.toString());
    mount();
  }

  @Override
  public void close() {
    MOUNTED.remove(this);
    remove(directory);
  }

  private static void remove(Path directory) {
    Shell.tryRun("umount", "-l", directory.resolve("mount").toString());
    try {
      Files.deleteIfExists(directory.resolve("image"));
      Files.deleteIfExists(directory.resolve("mount"));
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Unmounts what a run left that was killed.
  private static void removeLeftovers() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/mounts"))) {
        Matcher mount = MOUNT.matcher(line);
        if (mount.find() && !Shell.lives(Long.parseLong(mount.group(2)))) {
          remove(Path.of(mount.group(1)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The switch that ext4 and xfs have for tests such as these.
  private static final class PowerSwitch {
    private static final int O_RDONLY = 0;

    // EXT4_IOC_SHUTDOWN, which XFS_IOC_GOINGDOWN equals.
    private static final long SHUTDOWN = 0x8004587dL;

    // The file system's own journal is not flushed first.
    private static final int WITHOUT_FLUSH = 2;

    private PowerSwitch() {}

    @SuppressWarnings("restricted") // Tests may call the C library.
    static void off(Path mount) {
      var linker = Linker.nativeLinker();
      var symbols = linker.defaultLookup();
      try (var arena = Arena.ofConfined()) {
        var open =
            linker.downcallHandle(
                symbols.find("open").orElseThrow(),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        var ioctl =
            linker.downcallHandle(
                symbols.find("ioctl").orElseThrow(),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS),
                Linker.Option.firstVariadicArg(2));
        var close =
            linker.downcallHandle(
                symbols.find("close").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        MemorySegment flags = arena.allocateFrom(ValueLayout.JAVA_INT, WITHOUT_FLUSH);
        int descriptor = (int) open.invokeExact(arena.allocateFrom(mount.toString()), O_RDONLY);
        if (descriptor < 0) {
          throw new IllegalStateException("cannot open " + mount);
        }
        int failed = (int) ioctl.invokeExact(descriptor, SHUTDOWN, flags);
        int unused = (int) close.invokeExact(descriptor);
        if (failed != 0 || unused != 0) {
          throw new IllegalStateException("the file system of " + mount + " cannot be shut down");
        }
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
