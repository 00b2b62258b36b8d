package io.tidemark.log.journal;

import static io.tidemark.log.LogCalls.append;
import static io.tidemark.log.LogCalls.await;
import static io.tidemark.log.LogCalls.failure;
import static io.tidemark.log.LogCalls.readToTail;
import static io.tidemark.log.LogCalls.tail;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import io.tidemark.log.Log;
import io.tidemark.log.LogAudit;
import io.tidemark.log.LogCalls;
import io.tidemark.log.LogException;
import io.tidemark.log.LogExistsException;
import io.tidemark.log.LogRecord;
import io.tidemark.log.Precondition;
import io.tidemark.log.Tail;
import io.tidemark.log.journal.CrashDisk.Fault;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Whatever the disk does at whatever step, nothing that was acknowledged is lost and nothing that
/// was refused appears.
class JournalCrashTest {
  private static final int ROUNDS = 12;

  @Test
  void aPowerCutAtAnyStepLosesNothingThatWasAcknowledged() {
    int steps = workload(new CrashDisk(0), 0).steps;
    assertThat(steps).isGreaterThan(60);
    int cuts = 0;
    for (int seed = 0; seed < 4; seed++) {
      for (int step = 0; step < steps; step++) {
        var disk = new CrashDisk(31L * step + seed);
        disk.failAfter(step, Fault.POWER_CUT);
        Run run = workload(disk, seed);
        cuts += disk.failed() ? 1 : 0;
        disk.powerCycle();
        check(disk, run, "seed " + seed + ", power cut at step " + step);
      }
    }
    assertThat(cuts).as("the cuts took place").isGreaterThan(3 * steps);
  }

  @Test
  void powerCutsDuringRecoveryLoseNothingEither() {
    for (int seed = 0; seed < 150; seed++) {
      var disk = new CrashDisk(seed);
      disk.failAfter(20 + seed, Fault.POWER_CUT);
      Run run = workload(disk, seed);
      disk.powerCycle();
      for (int step = 0; step < 4; step++) {
        disk.failAfter(step, Fault.POWER_CUT);
        tryToOpen(disk);
        disk.powerCycle();
      }
      check(disk, run, "seed " + seed);
    }
  }

  @Test
  void aDiskThatIsFullFromAnyStepOnLosesNothingAndStopsAppends() {
    checkFault(Fault.FULL, "no space left on device");
  }

  @Test
  void anErrorAtAnyStepLosesNothingAndStopsAppends() {
    checkFault(Fault.IO_ERROR, "input/output error");
  }

  private static void checkFault(Fault fault, String cause) {
    int steps = workload(new CrashDisk(0), 0).steps;
    int stops = 0;
    for (int seed = 0; seed < 2; seed++) {
      for (int step = 0; step < steps; step++) {
        String what = "seed " + seed + ", " + fault + " at step " + step;
        var disk = new CrashDisk(17L * step + seed);
        disk.failAfter(step, fault);
        Run run = workload(disk, seed);
        stops += run.stopped == null ? 0 : 1;
        if (run.stopped != null) {
          assertThat(run.stopped).as(what).hasMessageContaining(cause);
        }
        assertThat(disk.openFiles()).as(what).isZero();
        disk.restart();
        check(disk, run, what);
      }
    }
    assertThat(stops).as("appends that met a stopped journal").isGreaterThan(steps / 2);
  }

  @Test
  void whatAFailedForceLeftInMemoryIsForcedAgainBeforeItIsShown() {
    int shown = 0;
    for (int seed = 0; seed < 40; seed++) {
      var disk = new CrashDisk(seed);
      Log log = open(disk);
      append(log, "a");
      disk.failAfter(1, Fault.IO_ERROR);
      failure(
          log.append(List.of(Bytes.utf8("b".repeat(3_000))), Precondition.NONE),
          LogException.Indeterminate.class);
      log.close();
      disk.restart();
      Log again = open(disk);
      List<LogRecord> seen = readToTail(again, Log.START);
      shown += seen.size() - 1;
      disk.failAfter(0, Fault.POWER_CUT);
      again.close();
      disk.powerCycle();
      try (Log last = open(disk)) {
        assertThat(readToTail(last, Log.START)).as("seed %d", seed).isEqualTo(seen);
      }
    }
    assertThat(shown).as("records that a failed force had left in memory").isPositive();
  }

  @Test
  void aFailedForceIsNeverTriedAgain() {
    var disk = new CrashDisk(1);
    try (Log log = open(disk)) {
      append(log, "a");
      disk.failAfter(1, Fault.IO_ERROR);
      failure(log.append(LogCalls.batch("b"), Precondition.NONE), LogException.Indeterminate.class);
      int forces = disk.forces();
      for (int i = 0; i < 5; i++) {
        assertThat(
                failure(
                    log.append(LogCalls.batch("c"), Precondition.NONE),
                    LogException.Unavailable.class))
            .hasMessageContaining("appends have stopped for good")
            .hasMessageContaining("0000000000000001.seg");
      }
      failure(log.fence(Bytes.utf8("f")), LogException.Unavailable.class);
      failure(log.seal(), LogException.Unavailable.class);

      assertThat(disk.forces()).isEqualTo(forces);
      assertThat(await(log.checkTail())).isEqualTo(new Tail.Open(2));
      assertThat(LogCalls.texts(readToTail(log, Log.START))).containsExactly("a");
    }
    assertThat(disk.openFiles()).isZero();
  }

  @Test
  void aFenceAndASealOutliveAPowerCutAndTheSegmentsTheyWereWrittenIn() {
    for (int seed = 0; seed < 10; seed++) {
      var disk = new CrashDisk(seed);
      Log log = open(disk);
      var owner = new Precondition.FencingToken(Bytes.utf8("owner"));
      await(log.fence(Bytes.utf8("owner")));
      for (int i = 0; i < 40; i++) {
        await(log.append(List.of(Bytes.wrap(new byte[1_000])), owner));
      }
      assertThat(await(log.trim(tail(log)))).isGreaterThan(Log.START);
      log = cycle(disk, log);
      failure(log.append(LogCalls.batch("x"), Precondition.NONE), LogException.Fenced.class);
      await(log.append(LogCalls.batch("y"), owner));
      Tail.Sealed sealed = await(log.seal());
      log = cycle(disk, log);
      assertThat(await(log.checkTail())).isEqualTo(sealed);
      failure(log.append(LogCalls.batch("x"), owner), LogException.Sealed.class);
      log.close();
    }
  }

  @Test
  void aPowerCutWhileALogIsCreatedLeavesNoneOrTheWholeOne() {
    int none = 0;
    int whole = 0;
    for (int seed = 0; seed < 20; seed++) {
      for (int step = 0; step < 12; step++) {
        var disk = new CrashDisk(31L * step + seed);
        disk.failAfter(step, Fault.POWER_CUT);
        createQuietly(disk, 700);
        disk.powerCycle();
        long first = 700;
        try (Log log = JournalLog.create(settings(), disk, 90)) {
          first = 90;
          none++;
          append(log, "a");
        } catch (LogExistsException _) {
          whole++;
          try (Log log = open(disk)) {
            append(log, "a");
          }
        }
        try (Log log = open(disk)) {
          assertThat(await(log.describe()).trimPoint()).isEqualTo(first);
          assertThat(LogCalls.texts(readToTail(log, first))).containsExactly("a");
          assertThat(tail(log)).isEqualTo(first + 1);
        }
      }
    }
    assertThat(none).isPositive();
    assertThat(whole).isPositive();
  }

  private static void createQuietly(CrashDisk disk, long first) {
    try {
      JournalLog.create(settings(), disk, first).close();
    } catch (LogException.Unavailable _) {
      // The power went meanwhile.
    }
  }

  // Cuts the power under the log, and opens it again.
  private static Log cycle(CrashDisk disk, Log log) {
    disk.failAfter(0, Fault.POWER_CUT);
    log.close();
    disk.powerCycle();
    return open(disk);
  }

  /// What one workload did until it was over or the disk failed.
  private static final class Run {
    final LogAudit audit = new LogAudit(700);
    LogException.@Nullable Unavailable stopped;
    long trimPoint = Log.START;
    int steps;
  }

  // Appends groups of batches through segments of 16 KiB, trims now and then, and closes.
  private static Run workload(CrashDisk disk, long seed) {
    var random = new Random(seed);
    var run = new Run();
    Log log;
    try {
      log = open(disk);
    } catch (LogException.Unavailable _) {
      return run;
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = random.nextInt(4); i >= 0; i--) {
        run.audit.send(log, round + "-" + i, 1 + random.nextInt(5), Precondition.NONE);
      }
      run.audit.settle();
      if (random.nextInt(4) == 0) {
        trim(log, run);
      }
    }
    try {
      append(log, "end/0/1/" + "p".repeat(700));
    } catch (LogException.Unavailable stopped) {
      run.stopped = stopped;
    } catch (LogException.Indeterminate _) {
      // The disk failed at the last append.
    }
    log.close();
    run.steps = disk.steps();
    return run;
  }

  private static void trim(Log log, Run run) {
    try {
      run.trimPoint = await(log.trim(tail(log) - 10));
    } catch (LogException.Unavailable _) {
      // It may have happened or not.
    }
  }

  private static void check(CrashDisk disk, Run run, String what) {
    try (Log log = open(disk)) {
      long trimPoint = await(log.describe()).trimPoint();
      assertThat(trimPoint).as(what).isGreaterThanOrEqualTo(run.trimPoint);
      List<LogRecord> records = readToTail(log, trimPoint);
      for (int i = 0; i < records.size(); i++) {
        assertThat(records.get(i).position()).as(what).isEqualTo(trimPoint + i);
      }
      records.removeIf(found -> found.payload().startsWith(Bytes.utf8("end/")));
      run.audit.check(records, trimPoint);
      run.audit.checkPrefix(records, trimPoint);
      long tail = tail(log);
      assertThat(append(log, "goes on").first()).as(what).isEqualTo(tail);
    } catch (LogException | AssertionError failure) {
      throw new AssertionError(what, failure);
    }
    try (Log log = open(disk)) {
      List<LogRecord> all = readToTail(log, await(log.describe()).trimPoint());
      assertThat(all.getLast().payload()).isEqualTo(Bytes.utf8("goes on"));
    }
  }

  private static void tryToOpen(CrashDisk disk) {
    try {
      open(disk).close();
    } catch (LogException.Unavailable _) {
      // The power went meanwhile.
    }
  }

  private static Log open(CrashDisk disk) {
    return JournalLog.open(settings(), disk);
  }

  private static JournalConfig settings() {
    JournalConfig config =
        JournalConfig.of(Path.of("unused"))
            .withSegmentBytes(16 << 10)
            .withRecentBytes(4_000)
            .withLimits(64 << 10, 128 << 10);
    return config.withSeams(config.threads(), () -> new UUID(3, 4));
  }
}
