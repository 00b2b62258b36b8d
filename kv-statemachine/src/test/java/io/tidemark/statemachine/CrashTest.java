package io.tidemark.statemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A replica's process is killed while it applies. Until then its directory is closed to others;
/// what it holds then is the state after some commit, and it says after which.
class CrashTest {
  private static final SessionLimits LIMITS = SessionLimits.STANDARD;
  private static final int VALUE_LENGTH_MAX = 6_000;

  @TempDir Path directory;

  /// The process that is killed: it applies records for ever, commits at random, and tells.
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) {
      long seed = Long.parseLong(args[1]);
      var random = new SplittableRandom(seed);
      var proposals = new RandomProposals(seed, VALUE_LENGTH_MAX);
      var view = Views.open(Path.of(args[0]));
      var machine = new StateMachine(view, LIMITS, PendingBatch.REMOVED_SINGLY_MAX);
      for (long position = 1; ; position++) {
        proposals.answered(position, machine.apply(position, proposals.next(), Views.RECORD_BYTES));
        if (random.nextInt(20) == 0) {
          machine.commit(position + 1);
        }
        if (position % 1_000 == 0) {
          System.out.println(position);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void aKilledReplicaHasTheStateOfExactlyItsAppliedPosition(long seed) throws Exception {
    Path victim = directory.resolve("view");
    run(victim, seed, 3_000 + 1_000 * seed);
    Path image = copy(victim, directory.resolve("image"));
    try (var view = Views.open(image)) {
      // The memory setting is small, so that some memtables were flushed before the kill.
      assertThat(view.applied()).isGreaterThan(1);
      assertHolds(view, seed);
    }
  }

  private static void run(Path view, long seed, long records) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                view.toString(),
                Long.toString(seed))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader told = process.inputReader()) {
      long reached = 0;
      while (reached < records) {
        String line = told.readLine();
        assertThat(line).as("the victim lives until it is killed").isNotNull();
        reached = Long.parseLong(line);
      }
      assertThatThrownBy(() -> Views.open(view))
          .isInstanceOf(ViewException.InUse.class)
          .hasMessageContaining(view.toString());
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  private static void assertHolds(RocksView view, long seed) {
    var proposals = new RandomProposals(seed, VALUE_LENGTH_MAX);
    var model = new ModelView(LIMITS);
    long position = 1;
    for (; position < view.applied(); position++) {
      Proposal proposal = proposals.next();
      proposals.answered(position, model.apply(position, proposal));
    }
    assertThat(Views.pairs(view)).isEqualTo(model.pairs().values().stream().toList());
    var machine = new StateMachine(view, LIMITS, PendingBatch.REMOVED_SINGLY_MAX);
    assertThat(machine.logTimeMillis()).isEqualTo(model.logTimeMillis());
    for (long end = position + 1_000; position < end; position++) {
      Proposal proposal = proposals.next();
      Result expected = model.apply(position, proposal);
      assertThat(machine.apply(position, proposal, Views.RECORD_BYTES)).isEqualTo(expected);
      proposals.answered(position, expected);
    }
  }

  private static Path copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }
}
