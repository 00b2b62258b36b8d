package io.tidemark.log.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// A disk in memory that may lose whatever it was not told to keep. Any thread.
///
/// Every change (a write, a force, a create, a rename, a delete, a sync) is a step; at a chosen
/// step the disk fails in a chosen way. After a power cut each sector of a file holds what was
/// forced or any version written since; each change of a name that was not synced happened or did
/// not.
public final class CrashDisk implements Storage {
  private static final int SECTOR_BYTES = 512;

  /// What happens at the chosen step.
  public enum Fault {
    /// The power goes: the step may be done in part, and nothing works any more.
    POWER_CUT,
    /// From this step on no file can grow.
    FULL,
    /// This step's write, force or sync fails; what a failed force dropped stays dropped.
    IO_ERROR
  }

  private final Random random;
  private Map<String, Inode> names = new TreeMap<>();
  private final Map<String, Inode> durableNames = new TreeMap<>();
  private final List<Runnable> unsyncedNames = new ArrayList<>();
  private int steps;
  private int forces;
  private int openFiles;
  private int faultAt = Integer.MAX_VALUE;
  private Fault fault = Fault.POWER_CUT;
  private volatile boolean readsFail;
  private boolean powerOff;

  /// An empty disk whose losses this seed decides.
  public CrashDisk(long seed) {
    random = new Random(seed);
  }

  private static final class Inode {
    byte[] cache = new byte[0];
    byte[] disk = new byte[0];
    // Of sectors that were written since they were forced: what they held in between.
    final Map<Integer, List<byte[]>> dirty = new TreeMap<>();
  }

  /// From here on nothing can be read, or everything again.
  void readsFail(boolean now) {
    readsFail = now;
  }

  /// Lets the step `steps` from now fail, 0 being the next.
  public synchronized void failAfter(int further, Fault how) {
    faultAt = steps + further;
    fault = how;
  }

  /// How many steps there were.
  public synchronized int steps() {
    return steps;
  }

  /// How often a file was forced.
  public synchronized int forces() {
    return forces;
  }

  /// How many files are open.
  public synchronized int openFiles() {
    return openFiles;
  }

  /// Whether the chosen step was reached.
  public synchronized boolean failed() {
    return steps > faultAt;
  }

  /// Cuts the power and turns it on again: what was not kept may be lost.
  public synchronized void powerCycle() {
    for (Runnable change : unsyncedNames) {
      if (random.nextBoolean()) {
        change.run();
      }
    }
    names = new TreeMap<>(durableNames);
    names.values().forEach(this::lose);
    restart();
  }

  /// Ends the process that used the disk, and no more: nothing is lost, the faults are over.
  public synchronized void restart() {
    unsyncedNames.clear();
    durableNames.clear();
    durableNames.putAll(names);
    powerOff = false;
    faultAt = Integer.MAX_VALUE;
    steps = 0;
    openFiles = 0;
  }

  /// The bytes of a file.
  public synchronized byte[] read(String file) {
    return inode(file).cache.clone();
  }

  /// Puts other bytes into a file, durably.
  public synchronized void replace(String file, byte[] bytes) {
    var inode = new Inode();
    inode.cache = bytes.clone();
    inode.disk = bytes.clone();
    names.put(file, inode);
    durableNames.put(file, inode);
  }

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public synchronized List<String> list() throws IOException {
    checkPower();
    return List.copyOf(names.keySet());
  }

  @Override
  public synchronized StorageFile create(String file) throws IOException {
    if (step()) {
      throw failure();
    }
    var inode = new Inode();
    names.put(file, inode);
    unsyncedNames.add(() -> durableNames.put(file, inode));
    openFiles++;
    return new OpenFile(inode);
  }

  @Override
  public synchronized StorageFile open(String file) throws IOException {
    checkPower();
    if (!names.containsKey(file)) {
      throw new NoSuchFileException(file);
    }
    openFiles++;
    return new OpenFile(inode(file));
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    boolean fails = step();
    if (!fails || (powerOff && random.nextBoolean())) {
      Inode inode = inode(from);
      names.remove(from);
      names.put(to, inode);
      unsyncedNames.add(() -> {
        durableNames.remove(from);
        durableNames.put(to, inode);
      });
    }
    if (fails) {
      throw failure();
    }
  }

  @Override
  public synchronized void delete(String file) throws IOException {
    if (step()) {
      throw failure();
    }
    if (names.remove(file) == null) {
      throw new NoSuchFileException(file);
    }
    unsyncedNames.add(() -> durableNames.remove(file));
  }

  @Override
  public synchronized void sync() throws IOException {
    if (step()) {
      throw failure();
    }
    unsyncedNames.forEach(Runnable::run);
    unsyncedNames.clear();
  }

  @Override
  public void close() {}

  private Inode inode(String file) {
    Inode inode = names.get(file);
    if (inode == null) {
      throw new IllegalStateException("no file " + file);
    }
    return inode;
  }

  // Whether this step fails.
  private boolean step() throws IOException {
    checkPower();
    int step = steps++;
    if (step < faultAt || fault == Fault.FULL) {
      return false;
    }
    powerOff = fault == Fault.POWER_CUT;
    return powerOff || step == faultAt;
  }

  private void checkPower() throws IOException {
    if (powerOff) {
      throw new IOException("no power");
    }
  }

  private IOException failure() {
    return new IOException(powerOff ? "no power" : "input/output error");
  }

  private void lose(Inode inode) {
    byte[] kept = inode.disk;
    for (var sector : inode.dirty.entrySet()) {
      List<byte[]> versions = sector.getValue();
      int version = random.nextInt(versions.size() + 2);
      // The version before all of these is the one on the disk; the newest has twice the chance.
      if (version > 0) {
        byte[] bytes =
            version > versions.size() ? sector(inode, sector.getKey()) : versions.get(version - 1);
        kept = put(kept, bytes, sector.getKey() * SECTOR_BYTES);
      }
    }
    inode.dirty.clear();
    inode.disk = kept;
    inode.cache = kept.clone();
  }

  private static byte[] sector(Inode inode, int sector) {
    int from = sector * SECTOR_BYTES;
    return Arrays.copyOfRange(inode.cache, from, Math.min(from + SECTOR_BYTES, inode.cache.length));
  }

  // Changes the target, or a longer copy of it.
  private static byte[] put(byte[] target, byte[] bytes, int at) {
    int end = at + bytes.length;
    byte[] large = end <= target.length ? target : Arrays.copyOf(target, end);
    System.arraycopy(bytes, 0, large, at, bytes.length);
    return large;
  }

  private final class OpenFile implements StorageFile {
    private final Inode inode;
    private boolean closed;

    private OpenFile(Inode inode) {
      this.inode = inode;
    }

    @Override
    public void write(ByteBuffer source, long offset) throws IOException {
      synchronized (CrashDisk.this) {
        boolean fails = step();
        boolean full = fault == Fault.FULL && steps > faultAt;
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        int at = Math.toIntExact(offset);
        boolean tooLong = full && at + bytes.length > inode.cache.length;
        if (fails) {
          bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
        } else if (tooLong) {
          bytes = Arrays.copyOf(bytes, Math.max(0, inode.cache.length - at));
        }
        remember(at, bytes.length);
        inode.cache = put(inode.cache, bytes, at);
        if (tooLong) {
          throw new IOException("no space left on device");
        }
        if (fails) {
          throw failure();
        }
      }
    }

    private void remember(int at, int length) {
      if (length == 0) {
        return;
      }
      for (int i = at / SECTOR_BYTES; i <= (at + length - 1) / SECTOR_BYTES; i++) {
        List<byte[]> versions = inode.dirty.get(i);
        if (versions == null) {
          inode.dirty.put(i, new ArrayList<>());
        } else {
          versions.add(sector(inode, i));
        }
      }
    }

    @Override
    public void read(ByteBuffer target, long offset) throws IOException {
      if (readsFail) {
        throw new IOException("the disk does not answer");
      }
      synchronized (CrashDisk.this) {
        checkPower();
        int from = (int) Math.min(offset, inode.cache.length);
        target.put(inode.cache, from, Math.min(target.remaining(), inode.cache.length - from));
      }
    }

    @Override
    public long size() throws IOException {
      synchronized (CrashDisk.this) {
        checkPower();
        return inode.cache.length;
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (CrashDisk.this) {
        forces++;
        boolean fails = step();
        byte[] kept = inode.disk;
        for (int sector : inode.dirty.keySet()) {
          if (!fails || random.nextBoolean()) {
            kept = put(kept, sector(inode, sector), sector * SECTOR_BYTES);
          }
        }
        inode.disk = kept;
        if (!fails || !powerOff) {
          inode.dirty.clear();
        }
        if (fails) {
          throw failure();
        }
      }
    }

    @Override
    public void close() {
      synchronized (CrashDisk.this) {
        if (!closed) {
          closed = true;
          openFiles--;
        }
      }
    }
  }
}
