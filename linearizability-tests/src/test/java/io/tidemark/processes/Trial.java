package io.tidemark.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.verify.Demands;
import io.tidemark.verify.Figures;
import io.tidemark.verify.Judgement;
import io.tidemark.verify.Plan;
import io.tidemark.verify.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;

/// A load on a cluster while mischief is done to it, in turns, and what comes of it.
///
/// It prints what was done, how many operations there were, how many of them of unknown outcome,
/// and which faults clients felt. `-Dtidemark.faults.seconds=120` makes every trial two minutes
/// long.
final class Trial {
  /// Something bad that is done to a cluster under load, and mended again.
  interface Mischief {
    /// Does it and mends it; tells the load when it begins and ends.
    void happen(Workload load, Random random) throws Exception;
  }

  private static final int SECONDS = Integer.getInteger("tidemark.faults.seconds", 10);
  private static final int OPERATIONS_TO_WARM_UP = 500;
  private static final int OPERATIONS_BETWEEN = 300;

  // What a fault does to clients is told from what befalls them in quiet times.
  private static final Duration QUIET = Duration.ofMillis(1_200);

  private static final Demands DEMANDS =
      new Demands(100, 0.002, false, Demands.withFaults().options());

  private Trial() {}

  /// How long a trial lasts at least.
  static Duration duration() {
    return Duration.ofSeconds(SECONDS);
  }

  /// Whether the sizes are those of every build.
  static boolean isShort() {
    return SECONDS <= 20;
  }

  /// Runs the load of this plan; every mischief happens at least once, one after the other, until
  /// the time is up.
  static Judgement of(String title, Plan plan, List<? extends Mischief> turns) throws Exception {
    return of(title, plan, duration(), turns);
  }

  /// The same for so long.
  static Judgement of(String title, Plan plan, Duration duration, List<? extends Mischief> turns)
      throws Exception {
    try (var load = Workload.start(plan)) {
      var random = new Random(plan.seed());
      awaitOperations(load, OPERATIONS_TO_WARM_UP);
      long beganNanos = System.nanoTime();
      for (int turn = 0;
          turn < turns.size() || System.nanoTime() - beganNanos < duration.toNanos();
          turn++) {
        Await.passed(QUIET);
        awaitOperations(load, OPERATIONS_BETWEEN);
        turns.get(turn % turns.size()).happen(load, random);
      }
      awaitOperations(load, OPERATIONS_BETWEEN);
      Judgement judgement = load.finish().judge(DEMANDS);
      print(title, judgement);
      assertThat(judgement.figures().faults())
          .as("faults that clients felt")
          .isNotEmpty()
          .allMatch(fault -> fault.troubled() > 0);
      return judgement;
    }
  }

  /// Fails unless the run proves that the history is linearizable; the history is then kept, in a
  /// page.
  static void assertLinearizable(String title, Judgement judgement) throws IOException {
    String where = "";
    if (!judgement.isLinearizable()) {
      Path page = Path.of("target/trials", title.replace(' ', '-') + ".html").toAbsolutePath();
      Files.createDirectories(Objects.requireNonNull(page.getParent()));
      judgement.writePage(page, "./tidemark verify --check history.jsonl");
      where = page + ": ";
    }
    assertThat(judgement.isLinearizable()).as("%s%s", where, judgement).isTrue();
  }

  private static void awaitOperations(Workload load, long more) {
    long target = load.progress().answered() + more;
    Await.until(
        "clients got " + more + " more answers",
        () -> load.isExhausted() || load.progress().answered() >= target);
  }

  private static void print(String title, Judgement judgement) {
    Figures figures = judgement.figures();
    System.out.println(title + ": " + figures.summary() + "; " + judgement.verdict());
    for (Figures.Faults faults : figures.faults()) {
      System.out.println(
          String.format(
              Locale.ROOT,
              "  %3d x %s: %,d operations in trouble meanwhile%s",
              faults.injected(),
              faults.kind(),
              faults.troubled(),
              faults.showed() ? "" : ", no more than usual"));
    }
  }
}
