package io.tidemark.simulation;

import io.tidemark.log.journal.Storage;
import io.tidemark.log.journal.StorageFile;
import io.tidemark.log.journal.UncheckedTail;
import io.tidemark.statemachine.ViewStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// The bugs of disks and views, each planted at a seam.
final class PlantedBugs {
  private PlantedBugs() {}

  /// A bug, and which rules are expected to find it.
  ///
  /// @param name its number in the plan
  /// @param what it does wrong
  /// @param rules the beginnings of the rules, any of which it must break
  record Bug(String name, String what, Plant plant, List<String> rules) {
    /// No bug.
    static final Bug NONE = new Bug("", "nothing", Plant.NONE);

    Bug(String name, String what, Plant plant, String... rules) {
      this(name, what, plant, List.of(rules));
    }
  }

  /// The bug of this name.
  static Bug named(String name) {
    return name.isEmpty()
        ? Bug.NONE
        : all().stream().filter(bug -> bug.name().equals(name)).findFirst().orElseThrow();
  }

  /// Every bug there is.
  static List<Bug> all() {
    var bugs = new ArrayList<Bug>();
    bugs.addAll(ofTheDisk());
    bugs.addAll(PlantedLogs.all());
    bugs.addAll(PlantedStores.all());
    bugs.addAll(ofTheView());
    bugs.addAll(PlantedCheckpoints.all());
    bugs.addAll(PlantedAnswers.all());
    return List.copyOf(bugs);
  }

  private static List<Bug> ofTheDisk() {
    return List.of(
        new Bug(
            "M01",
            "acknowledges before the disk has it",
            onDisk(disk -> new BadDisk(disk, Badness.FORCES_NOTHING)),
            "I1",
            "I2",
            "I16"),
        new Bug(
            "M02",
            "does not make the names of new files durable",
            onDisk(disk -> new BadDisk(disk, Badness.SYNCS_NO_NAMES)),
            "I1",
            "I2",
            "I16",
            "strict serializability"),
        new Bug(
            "M03",
            "tries a failed force again and believes the second answer",
            onDisk(disk -> new BadDisk(disk, Badness.TRIES_AGAIN)),
            "I1",
            "I2",
            "I16"),
        new Bug(
            "M04",
            "does not look at checksums when it opens: a torn tail is applied",
            new Plant() {
              @Override
              public Storage disk(Storage disk) {
                return new BadDisk(disk, Badness.CHECKS_NOTHING);
              }

              @Override
              public boolean canShow(SwarmConfig config) {
                return config.journal()
                    && config.temper().tornPercent() >= 20
                    && config.largePercent() >= 50
                    && (config.faults().contains(SwarmConfig.Fault.LOG_CRASH)
                        || config.faults().contains(SwarmConfig.Fault.LOG_CRASH_AT_DISK));
              }
            },
            "contract of append",
            "I1",
            "I16"),
        new Bug(
            "M05",
            "cuts off the last record when it opens",
            onDisk(disk -> new BadDisk(disk, Badness.CUTS_THE_LAST)),
            "I1",
            "I2",
            "I16"));
  }

  private static List<Bug> ofTheView() {
    return List.of(
        new Bug(
            "M10",
            "sessions are not part of what survives a crash",
            onCrash(ViewStore.Crashes.SESSIONS_LOST),
            "I3",
            "I5",
            "I9"),
        new Bug(
            "M21",
            "data outlives a crash without its applied position",
            onCrash(ViewStore.Crashes.POSITION_LOST),
            "I4",
            "I5",
            "I9",
            "I10"),
        new Bug(
            "M22",
            "the applied position outlives a crash without its data",
            onCrash(ViewStore.Crashes.DATA_LOST),
            "I5",
            "I9",
            "I10"));
  }

  private static Plant onDisk(UnaryOperator<Storage> bad) {
    return new Plant() {
      @Override
      public Storage disk(Storage disk) {
        return bad.apply(disk);
      }

      @Override
      public boolean canShow(SwarmConfig config) {
        return config.journal();
      }
    };
  }

  private static Plant onCrash(ViewStore.CrashRule rule) {
    return new Plant() {
      @Override
      public ViewStore.CrashRule crashRule() {
        return rule;
      }

      @Override
      public boolean canShow(SwarmConfig config) {
        return config.faults().contains(SwarmConfig.Fault.REPLICA_CRASH);
      }
    };
  }

  private enum Badness {
    FORCES_NOTHING,
    SYNCS_NO_NAMES,
    TRIES_AGAIN,
    CUTS_THE_LAST,
    CHECKS_NOTHING
  }

  private static final class BadDisk implements Storage {
    private final Storage disk;
    private final Badness badness;

    BadDisk(Storage disk, Badness badness) {
      this.disk = disk;
      this.badness = badness;
    }

    @Override
    public String name() {
      return disk.name();
    }

    @Override
    public List<String> list() throws IOException {
      return disk.list();
    }

    @Override
    public StorageFile create(String file) throws IOException {
      return new BadFile(disk.create(file), badness, false);
    }

    @Override
    public StorageFile open(String file) throws IOException {
      return new BadFile(disk.open(file), badness, file.endsWith(".seg"));
    }

    @Override
    public void rename(String from, String to) throws IOException {
      disk.rename(from, to);
    }

    @Override
    public void delete(String file) throws IOException {
      disk.delete(file);
    }

    @Override
    public void sync() throws IOException {
      if (badness != Badness.SYNCS_NO_NAMES) {
        disk.sync();
      }
    }

    @Override
    public void close() throws IOException {
      disk.close();
    }
  }

  private static final class BadFile implements StorageFile {
    private final StorageFile file;
    private final Badness badness;

    BadFile(StorageFile file, Badness badness, boolean opened) throws IOException {
      this.file = file;
      this.badness = badness;
      if (opened && badness == Badness.CUTS_THE_LAST) {
        cutTheLast();
      }
      if (opened && badness == Badness.CHECKS_NOTHING) {
        UncheckedTail.accept(file);
      }
    }

    // The checksum of the last frame no longer fits, so that it looks torn.
    private void cutTheLast() throws IOException {
      ByteBuffer all = ByteBuffer.allocate((int) file.size());
      file.read(all, 0);
      for (int at = all.position() - 1; at >= 4096; at--) {
        if (all.get(at) != 0) {
          file.write(ByteBuffer.wrap(new byte[] {0}), at);
          return;
        }
      }
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
      switch (badness) {
        case FORCES_NOTHING -> {}
        case TRIES_AGAIN -> {
          try {
            file.force();
          } catch (IOException _) {
            file.force();
          }
        }
        case SYNCS_NO_NAMES, CUTS_THE_LAST, CHECKS_NOTHING -> file.force();
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
