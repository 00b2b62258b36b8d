package io.tidemark.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.Log;
import io.tidemark.log.LogAudit;
import io.tidemark.log.LogCalls;
import io.tidemark.log.LogRecord;
import io.tidemark.log.Precondition;
import io.tidemark.log.remote.RemoteLog;
import io.tidemark.log.remote.RemoteLogConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Power cuts under load: the log's files lie in a file system of their own, which forgets at one
/// stroke whatever was not synced. Needs root. `-Dtidemark.cuts=200` makes it long.
class PowerCutTest {
  private static final int CUTS = Integer.getInteger("tidemark.cuts", 15);
  private static final int CUTS_UNTIL_A_BUG_SHOWS = 12;
  private static final int THREADS = 4;
  private static final int UNDER_WAY_MAX = 64;
  private static final int ACKNOWLEDGED_BETWEEN_CUTS = 300;
  private static final int SEGMENT_BYTES = 64 << 10;
  private static final int DISK_MEBIBYTES = 200;
  private static final int XFS_MEBIBYTES = 400;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs"})
  void everythingAcknowledgedIsThereAfterEveryCutAndNothingElse(String fileSystem)
      throws Exception {
    LoopDisk.assume(fileSystem);
    boolean isFirst = fileSystem.equals("ext4");
    int mebibytes = isFirst ? DISK_MEBIBYTES : XFS_MEBIBYTES;
    try (var disk = LoopDisk.create(fileSystem, mebibytes);
        var cuts = new Cuts(disk, Launch.PLAIN)) {
      cuts.cut(isFirst ? CUTS : Math.max(2, CUTS / 5));
      System.out.println("power cuts on " + fileSystem + ": " + cuts);
      assertThat(cuts.undecided.get()).as("some appends were under way").isPositive();
    }
  }

  @Test
  void segmentsThatBeginBetweenCutsAreThereToo() throws Exception {
    LoopDisk.assume("ext4");
    try (var disk = LoopDisk.create("ext4", DISK_MEBIBYTES);
        var cuts = new Cuts(disk, PlantedLogServer.withSegments("NONE", SEGMENT_BYTES))) {
      cuts.cut(Math.max(4, CUTS / 3));
      System.out.println("power cuts with small segments: " + cuts);
    }
  }

  @Test
  void whoAcknowledgesBeforeTheDiskHasItIsCaught() throws Exception {
    assertCaught("M01", "acknowledged append");
  }

  @Test
  void whoDoesNotMakeNamesDurableIsCaught() throws Exception {
    assertCaught("M02", "has lost its file LOG, but has records");
  }

  private void assertCaught(String bug, String how) throws Exception {
    LoopDisk.assume("ext4");
    try (var disk = LoopDisk.create("ext4", DISK_MEBIBYTES);
        var cuts = new Cuts(disk, PlantedLogServer.withSegments(bug, SEGMENT_BYTES))) {
      assertThatThrownBy(() -> cuts.cut(CUTS_UNTIL_A_BUG_SHOWS))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining(how);
      System.out.println(bug + " under power cuts: caught after " + cuts);
    }
  }

  /// A log server on a disk, clients that append to it, and cuts between.
  private final class Cuts implements AutoCloseable {
    private final LoopDisk disk;
    private final Launch launch;
    private final Random random = new Random(1);
    private final int port = Ports.free();
    private final List<LogAudit> audits = new ArrayList<>();
    private final AtomicLong acknowledged = new AtomicLong();
    final AtomicLong undecided = new AtomicLong();
    private long records;
    private int done;
    private Program server;

    Cuts(LoopDisk disk, Launch launch) {
      this.disk = disk;
      this.launch = launch;
      this.server = serve();
    }

    private Program serve() {
      return Program.start(
          "log",
          directory,
          launch,
          List.of(
              "log-server",
              "--log",
              "journal:" + disk.path().resolve("log"),
              "--listen",
              "127.0.0.1:" + port));
    }

    /// Cuts so often, each time under load, and compares after each what was told with what is
    /// there.
    void cut(int times) throws Exception {
      server.awaitLine("^ready");
      for (int i = 0; i < times; i++) {
        List<LogAudit> books = cutOnce();
        disk.turnOn();
        server = serve();
        server.awaitLine("^ready");
        done++;
        audits.addAll(books);
        check(books);
      }
    }

    private List<LogAudit> cutOnce() throws Exception {
      var appenders = new ArrayList<Appender>();
      for (int i = 0; i < THREADS; i++) {
        appenders.add(new Appender(audits.size() + i));
      }
      long target = acknowledged.get() + ACKNOWLEDGED_BETWEEN_CUTS;
      try {
        Await.until("appends are acknowledged", () -> acknowledged.get() >= target);
        Await.passed(Await.between(random, 0, 50));
      } finally {
        disk.cut();
        server.kill();
        for (Appender appender : appenders) {
          appender.stop();
        }
      }
      return appenders.stream().map(appender -> appender.audit).toList();
    }

    /// Of the appends of one connection the log holds the first so many, among them all that were
    /// acknowledged; and all that was there after earlier cuts is there still.
    private void check(List<LogAudit> newest) {
      try (var log = connect()) {
        List<LogRecord> all = LogCalls.readToTail(log, Log.START);
        assertThat(all).as("the log only grows").hasSizeGreaterThanOrEqualTo((int) records);
        records = all.size();
        for (int i = 0; i < audits.size(); i++) {
          String prefix = i + "-";
          List<LogRecord> own =
              all.stream().filter(one -> one.payload().utf8().startsWith(prefix)).toList();
          audits.get(i).check(own);
          if (newest.contains(audits.get(i))) {
            audits.get(i).checkPrefix(own, Log.START);
            undecided.addAndGet(audits.get(i).count("Indeterminate"));
          }
        }
      }
    }

    private RemoteLog connect() {
      return RemoteLog.open(RemoteLogConfig.of("127.0.0.1", port));
    }

    @Override
    public void close() {
      server.close();
    }

    @Override
    public String toString() {
      return "%d cuts; %d appends acknowledged, %d undecided; %d records there"
          .formatted(done, acknowledged.get(), undecided.get(), records);
    }

    /// One connection that appends without waiting for answers, and keeps its books.
    private final class Appender {
      final LogAudit audit = new LogAudit();
      private final RemoteLog log = connect();
      private final Semaphore room = new Semaphore(UNDER_WAY_MAX);
      private final Thread thread;
      private volatile boolean stopping;

      Appender(int number) {
        var sizes = new Random(number);
        thread =
            Thread.ofPlatform()
                .start(() -> {
                  for (int i = 0; !stopping; i++) {
                    room.acquireUninterruptibly();
                    String name = number + "-" + i;
                    var _ =
                        audit
                            .append(log, name, 1 + sizes.nextInt(3), Precondition.NONE)
                            .whenComplete((_, failure) -> {
                              room.release();
                              if (failure == null) {
                                acknowledged.incrementAndGet();
                              } else {
                                stopping = true;
                              }
                            });
                  }
                });
      }

      void stop() throws InterruptedException {
        stopping = true;
        log.close();
        thread.join();
      }
    }
  }
}
