package io.tidemark.simulation;

import io.tidemark.log.journal.Storage;
import io.tidemark.log.journal.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One directory on the disk of a simulated machine, which outlives the machine's crashes as far as
/// it was forced: of everything else a crash keeps, drops or tears each operation on its own.
///
/// ```text
///   names    durable: what sync() made so      then: created, renamed, deleted, in order
///   file     durable: what force() made so     then: writes, in order
///   crash    each later operation kept, dropped, or (a write) cut at sectors of 512 bytes
/// ```
final class SimDisk implements Storage {
  private static final int SECTOR_BYTES = 512;

  /// What goes wrong with this disk.
  ///
  /// @param forceNanosMax the most that forcing takes, as a rule
  /// @param keptPercent how many of a hundred operations that were not forced survive a crash
  /// @param tornPercent how many of a hundred surviving writes are torn
  record Temper(long forceNanosMax, int keptPercent, int tornPercent) {}

  private static final class Inode {
    private byte[] durable = new byte[0];
    private byte[] now = new byte[0];
    private final List<Write> unforced = new ArrayList<>();
  }

  private static final class Write {
    private final int offset;
    private final byte[] bytes;

    private Write(int offset, byte[] bytes) {
      this.offset = offset;
      this.bytes = bytes;
    }
  }

  private interface NameChange {
    void apply(Map<String, Inode> names);
  }

  private final SimWorld world;
  private final SimNode node;
  private final SimRandom random;
  private final Temper temper;
  private final TreeMap<String, Inode> durableNames = new TreeMap<>();
  private final TreeMap<String, Inode> names = new TreeMap<>();
  private final List<NameChange> unsynced = new ArrayList<>();

  private long operations;
  private long crashAtOperation = Long.MAX_VALUE;
  private boolean crashInForce;
  private boolean failNextForce;
  private boolean full;
  private long crashes;
  private long lost;
  private long torn;
  private long failedForces;
  private long refusedWrites;

  SimDisk(SimNode node, Temper temper) {
    this.world = node.world();
    this.node = node;
    this.random = world.random("disk of " + node.name());
    this.temper = temper;
  }

  /// Makes the machine crash when it is about to do its so manieth operation from now.
  void crashAfter(long moreOperations) {
    crashAtOperation = operations + moreOperations;
  }

  /// Makes the machine crash in the midst of the next force of something that was written behind
  /// the begin of a file: of a group of appends, rather than of a file that is being made.
  void crashInNextForce() {
    crashInForce = true;
  }

  /// Makes it work again: no fault that was asked for and has not come comes any more.
  void mend() {
    crashAtOperation = Long.MAX_VALUE;
    crashInForce = false;
    failNextForce = false;
    full = false;
  }

  /// Makes the next force fail; the pages then count as clean, and what they held is lost in the
  /// next crash.
  void failNextForce() {
    failNextForce = true;
  }

  /// From here on nothing fits that makes a file longer, or everything does.
  void setFull(boolean isFull) {
    full = isFull;
  }

  /// Writes that did not fit.
  long refusedWrites() {
    return refusedWrites;
  }

  /// Writes that a crash dropped.
  long lost() {
    return lost;
  }

  /// How often the machine lost its power.
  long crashes() {
    return crashes;
  }

  /// How many segments of a journal there are.
  long segments() {
    return names.keySet().stream().filter(name -> name.endsWith(".seg")).count();
  }

  /// Writes that a crash tore.
  long torn() {
    return torn;
  }

  /// Forces that failed.
  long failedForces() {
    return failedForces;
  }

  /// Flips one bit of the durable bytes of a file, if it has any.
  void flip(String file, long bit) {
    Inode inode = durableNames.get(file);
    if (inode != null && inode.durable.length > 0) {
      inode.durable[(int) (bit / 8 % inode.durable.length)] ^= (byte) (1 << (bit % 8));
      inode.now = inode.durable.clone();
    }
  }

  /// The machine lost its power.
  void crash() {
    crashes++;
    for (NameChange change : unsynced) {
      if (random.percent(temper.keptPercent)) {
        change.apply(durableNames);
      } else {
        lost++;
      }
    }
    unsynced.clear();
    names.clear();
    names.putAll(durableNames);
    names.values().forEach(this::crash);
    crashAtOperation = Long.MAX_VALUE;
    crashInForce = false;
    failNextForce = false;
  }

  private void crash(Inode inode) {
    for (Write write : inode.unforced) {
      if (!random.percent(temper.keptPercent)) {
        lost++;
      } else if (random.percent(temper.tornPercent)) {
        torn++;
        for (int from = 0; from < write.bytes.length; ) {
          int sectorEnd = (write.offset + from) / SECTOR_BYTES * SECTOR_BYTES + SECTOR_BYTES;
          int to = Math.min(write.bytes.length, sectorEnd - write.offset);
          if (random.nextBoolean()) {
            inode.durable = written(inode.durable, write.offset + from, write.bytes, from, to);
          }
          from = to;
        }
      } else {
        inode.durable = written(inode.durable, write.offset, write.bytes, 0, write.bytes.length);
      }
    }
    inode.unforced.clear();
    inode.now = inode.durable.clone();
  }

  private static byte[] written(byte[] into, int offset, byte[] bytes, int from, int to) {
    int end = offset + (to - from);
    byte[] target = end > into.length ? Arrays.copyOf(into, end) : into;
    System.arraycopy(bytes, from, target, offset, to - from);
    return target;
  }

  private void operation(String what, long number) {
    world.trace().add(Trace.Kind.DISK, what, number);
    if (++operations >= crashAtOperation) {
      crashAtOperation = Long.MAX_VALUE;
      node.crash();
    }
  }

  @Override
  public String name() {
    return "disk of " + node.name();
  }

  @Override
  public List<String> list() {
    operation("list", names.size());
    return List.copyOf(names.keySet());
  }

  @Override
  public StorageFile create(String file) {
    operation("create " + file, 0);
    var inode = new Inode();
    change(into -> into.put(file, inode));
    return new SimFile(file, inode);
  }

  @Override
  public StorageFile open(String file) throws IOException {
    operation("open " + file, 0);
    Inode inode = names.get(file);
    if (inode == null) {
      throw new NoSuchFileException(file);
    }
    return new SimFile(file, inode);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    operation("rename " + from + " " + to, 0);
    if (!names.containsKey(from)) {
      throw new NoSuchFileException(from);
    }
    change(into -> {
      Inode moved = into.remove(from);
      if (moved != null) {
        into.put(to, moved);
      }
    });
  }

  @Override
  public void delete(String file) throws IOException {
    operation("delete " + file, 0);
    if (!names.containsKey(file)) {
      throw new NoSuchFileException(file);
    }
    change(into -> into.remove(file));
  }

  private void change(NameChange change) {
    change.apply(names);
    unsynced.add(change);
  }

  @Override
  public void sync() throws IOException {
    operation("sync", unsynced.size());
    var begun = List.copyOf(unsynced);
    takeTime();
    checkForce("sync");
    for (NameChange change : begun) {
      // Another thread may have forced it meanwhile.
      if (unsynced.remove(change)) {
        change.apply(durableNames);
      }
    }
  }

  private void checkForce(String what) throws IOException {
    if (failNextForce) {
      failNextForce = false;
      failedForces++;
      world.trace().add(Trace.Kind.DISK, "EIO", 0);
      throw new IOException("Input/output error: " + what);
    }
  }

  private void takeTime() {
    long nanos = random.nextLong(temper.forceNanosMax + 1);
    node.life().sleepNanos(random.percent(2) ? 20 * nanos : nanos);
  }

  @Override
  public void close() {}

  private final class SimFile implements StorageFile {
    private final String file;
    private final Inode inode;

    SimFile(String file, Inode inode) {
      this.file = file;
      this.inode = inode;
    }

    @Override
    public void write(ByteBuffer source, long offset) throws IOException {
      operation("write " + file, offset + source.remaining());
      int length = source.remaining();
      boolean fits = !full || offset + length <= inode.now.length;
      byte[] bytes = new byte[fits ? length : length / 2];
      source.get(bytes);
      inode.now = written(inode.now, (int) offset, bytes, 0, bytes.length);
      inode.unforced.add(new Write((int) offset, bytes));
      if (!fits) {
        refusedWrites++;
        world.trace().add(Trace.Kind.DISK, "ENOSPC", 0);
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void read(ByteBuffer target, long offset) {
      operation("read " + file, offset);
      int length = (int) Math.max(0, Math.min(target.remaining(), inode.now.length - offset));
      if (length > 0) {
        target.put(inode.now, (int) offset, length);
      }
    }

    @Override
    public long size() {
      return inode.now.length;
    }

    @Override
    public void force() throws IOException {
      operation("force " + file, inode.unforced.size());
      var begun = List.copyOf(inode.unforced);
      takeTime();
      if (crashInForce
          && !begun.isEmpty()
          && !inode.unforced.isEmpty()
          && inode.unforced.getLast().offset > 0) {
        crashInForce = false;
        node.crash();
      }
      try {
        checkForce("fdatasync");
        for (Write write : begun) {
          if (inode.unforced.contains(write)) {
            inode.durable =
                written(inode.durable, write.offset, write.bytes, 0, write.bytes.length);
          }
        }
      } finally {
        // After a failure too: that is what makes it so treacherous.
        inode.unforced.removeAll(begun);
      }
    }

    @Override
    public void close() {}
  }

  /// The durable bytes of a file, or null if there is none.
  byte @Nullable [] durable(String file) {
    Inode inode = durableNames.get(file);
    return inode == null ? null : inode.durable.clone();
  }
}
