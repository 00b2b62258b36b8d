package io.tidemark.porcupine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.porcupine.format.EdnMaps;
import io.tidemark.porcupine.model.AppendKv;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledIf("io.tidemark.porcupine.SharedHistories#exist")
class KvHistoriesTest {
  @ParameterizedTest
  @ValueSource(strings = {"c01-ok", "c01-bad", "c10-ok", "c10-bad"})
  void everyKnownHistoryGetsItsVerdict(String name) {
    var history = EdnMaps.read(SharedHistories.lines("kv/" + name + ".txt"));
    assertThat(history.problems()).isEmpty();
    for (CacheMode cache : CacheMode.values()) {
      var report = Linearizability.check(new AppendKv(), history, Options.DEFAULT.withCache(cache));
      assertThat(report.isOk()).as(report.summary()).isEqualTo(name.endsWith("ok"));
      assertThat(report.verdict()).isNotInstanceOf(Verdict.Unknown.class);
      assertThat(report.partitions()).hasSizeGreaterThan(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"c01-ok", "c01-bad", "c10-ok"})
  void theSmallerOnesGetTheSameVerdictWithoutPartitions(String name) {
    var history = EdnMaps.read(SharedHistories.lines("kv/" + name + ".txt"));
    var report = Linearizability.check(new Whole(), history, Options.DEFAULT);
    assertThat(report.verdict())
        .as(report.summary())
        .isInstanceOf(name.endsWith("ok") ? Verdict.Ok.class : Verdict.Illegal.class);
    assertThat(report.partitions()).hasSize(1);
  }

  /// All keys in one state.
  private static final class Whole
      implements Model<SortedMap<String, String>, AppendKv.Input, AppendKv.Output> {
    private final AppendKv one = new AppendKv();

    @Override
    public SortedMap<String, String> init() {
      return new TreeMap<>();
    }

    @Override
    public @Nullable SortedMap<String, String> step(
        SortedMap<String, String> state, AppendKv.Input input, AppendKv.@Nullable Output output) {
      String before = state.getOrDefault(input.key(), "");
      String after = one.step(before, input, output);
      if (after == null || after.equals(before)) {
        return after == null ? null : state;
      }
      SortedMap<String, String> next = new TreeMap<>(state);
      next.put(input.key(), after);
      return next;
    }

    @Override
    public boolean isPure(AppendKv.Input input, AppendKv.@Nullable Output output) {
      return one.isPure(input, output);
    }
  }
}
