package io.tidemark.porcupine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.porcupine.engine.Limits;
import io.tidemark.porcupine.engine.Problem;
import io.tidemark.porcupine.engine.Search;
import io.tidemark.porcupine.format.JepsenLog;
import io.tidemark.porcupine.model.CasRegister;
import io.tidemark.porcupine.model.Register;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// The figures of the README, for `-Dporcupine.scale=true` and a heap set by `-Dtest.jvm.args`. A
/// machine that others use is no place to demand a time, so the figures are printed, and what is
/// demanded is the verdict within the limits of memory.
@EnabledIfSystemProperty(named = "porcupine.scale", matches = "true")
class ScaleTest {
  private static final CasRegister MODEL = new CasRegister();

  private long cpuBefore;

  @Test
  void twentyThousandOperationsOfOneKeyAtConcurrencyTen() {
    for (CacheMode mode : CacheMode.values()) {
      for (int seed = 0; seed < 3; seed++) {
        RandomRegister.Made made = RandomRegister.legal(seed, 10, 20_000);
        cpuBefore = cpuMillis();
        Options options =
            Options.DEFAULT
                .withEngine(Engine.SEARCH)
                .withCache(mode)
                .withMaxConfigurations(50_000_000);
        print("20k c=10 " + mode, Linearizability.check(MODEL, made.history(), options));
      }
    }
  }

  @Test
  void aMillionOperationsOfOneKeyByZonesAndByWitness() {
    RandomRegister.Made made = RandomRegister.legal(1, 10, 1_000_000);
    cpuBefore = cpuMillis();
    for (int round = 0; round < 3; round++) {
      print("1M zones", Linearizability.check(MODEL, made.history(), Options.DEFAULT));
      print(
          "1M witness",
          Linearizability.check(
              MODEL, made.history(), Options.DEFAULT.withEngine(Engine.WITNESS), made.witness()));
    }
  }

  @Test
  void aMillionOperationsOfTwoHundredKeys() {
    List<Operation<Register.Input, Register.Output>> operations = new ArrayList<>(1_000_000);
    for (int key = 0; key < 200; key++) {
      String name = "k" + key;
      for (var operation : RandomRegister.legal(key, 6, 5000).history().operations()) {
        boolean isWrite = operation.input() instanceof CasRegister.Write;
        operations.add(
            Operation.ok(
                operation.client() + 6 * key,
                isWrite
                    ? new Register.Write(name, ((CasRegister.Write) operation.input()).value())
                    : new Register.Read(name),
                operation.call(),
                operation.output() instanceof CasRegister.Value value
                    ? new Register.Value(value.text())
                    : new Register.Written(),
                operation.ret()));
      }
    }
    History<Register.Input, Register.Output> history = History.of(operations);
    cpuBefore = cpuMillis();
    for (Engine engine : List.of(Engine.AUTO, Engine.SEARCH)) {
      for (int round = 0; round < 3; round++) {
        Options options = Options.DEFAULT.withEngine(engine);
        print("1M of 200 keys, " + engine, Linearizability.check(new Register(), history, options));
      }
    }
  }

  @Test
  @EnabledIf("io.tidemark.porcupine.SharedHistories#exist")
  void allLogsOfEtcd() {
    List<History<CasRegister.Input, CasRegister.Output>> histories = new ArrayList<>();
    for (SharedHistories.Known known : SharedHistories.etcd()) {
      histories.add(JepsenLog.read(SharedHistories.lines("etcd/" + known.file())));
    }
    for (CacheMode mode : CacheMode.values()) {
      Options options = Options.DEFAULT.withEngine(Engine.SEARCH).withCache(mode);
      for (int round = 0; round < 10; round++) {
        long began = cpuMillis();
        for (var history : histories) {
          Search.run(
              Problem.of(MODEL, history.operations()), mode, Limits.configurations(1_000_000));
        }
        long decided = cpuMillis();
        for (var history : histories) {
          assertThat(Linearizability.check(MODEL, history, options).verdict())
              .isNotInstanceOf(Verdict.Unknown.class);
        }
        System.out.printf(
            "%d etcd logs, %s, round %d: %d ms, confirmed and explained %d ms (processor)%n",
            histories.size(), mode, round, decided - began, cpuMillis() - decided);
      }
    }
  }

  /// What this thread has used so far: on a busy machine the only time that means something.
  private static long cpuMillis() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1_000_000;
  }

  private void print(String what, Report<?, ?, ?> report) {
    assertThat(report.isOk()).as(report.summary()).isTrue();
    Stats stats = report.stats();
    Duration elapsed = stats.elapsed();
    long cpu = cpuMillis();
    System.out.printf(
        "%s: %d ms (%d ms of this thread's processor), %d steps, %d configurations, %.1f MB,"
            + " %.1f bytes a configuration%n",
        what,
        elapsed.toMillis(),
        cpu - cpuBefore,
        stats.steps(),
        stats.configurations(),
        stats.peakBytes() / 1e6,
        (double) stats.peakBytes() / Math.max(1, stats.configurations()));
    cpuBefore = cpuMillis();
  }
}
