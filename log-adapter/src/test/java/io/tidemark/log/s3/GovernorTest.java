package io.tidemark.log.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GovernorTest {
  private static final Duration DELAY_MAX = Duration.ofSeconds(2);

  private final ManualTime time = new ManualTime();

  /// A dollar a second.
  private final Governor governor = new Governor(Optional.of(new Budget(3_600, DELAY_MAX)), time);

  private Duration pause() {
    return governor.pause(time.nanoTime());
  }

  @Test
  void withoutABudgetNobodyWaits() {
    var unbounded = new Governor(Optional.empty(), time);
    unbounded.spent(1e9);
    assertThat(unbounded.pause(time.nanoTime())).isZero();
  }

  @Test
  void aMinuteOfTheBudgetIsThereAtOnceAndNoMore() {
    time.pass(Duration.ofDays(1));
    governor.spent(60);
    assertThat(pause()).isZero();
    governor.spent(0.5);
    assertThat(pause()).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void whatIsOverdrawnIsPaidBackAtTheRateOfTheBudget() {
    governor.spent(61.5);
    assertThat(pause()).isEqualTo(Duration.ofMillis(1_500));
    time.pass(Duration.ofSeconds(1));
    assertThat(pause()).isEqualTo(Duration.ofMillis(500));
    time.pass(Duration.ofMillis(500));
    assertThat(pause()).isZero();
  }

  @Test
  void nobodyWaitsLongerThanTheDelaySinceHeCame() {
    governor.spent(1_000);
    long came = time.nanoTime();
    assertThat(governor.pause(came)).isEqualTo(DELAY_MAX);
    time.pass(Duration.ofMillis(700));
    assertThat(governor.pause(came)).isEqualTo(Duration.ofMillis(1_300));
    time.pass(Duration.ofHours(2));
    assertThat(governor.pause(came)).isZero();
  }

  @Test
  void nothingIsPaidBackForLongerThanAnHour() {
    governor.spent(1e12);
    governor.spent(1e12);
    time.pass(Governor.DEBT_MAX.minusNanos(1));
    assertThat(pause()).isPositive();
    time.pass(Duration.ofNanos(1));
    assertThat(pause()).isZero();
  }

  /// Whoever waits as long as he is told spends no more than the budget.
  @Test
  void inAnyTimeNoMoreIsSpentThanTheBudgetOfItAndAMinute() {
    var random = new Random(1);
    double spent = 0;
    long began = time.nanoTime();
    for (int i = 0; i < 100_000; i++) {
      double price = random.nextDouble();
      time.pass(Duration.ofMillis(random.nextInt(300)));
      for (Duration pause = pause(); !pause.isZero(); pause = pause()) {
        time.pass(pause);
      }
      governor.spent(price);
      spent += price;
      double seconds = (time.nanoTime() - began) / 1e9;
      assertThat(spent).isLessThan(seconds + 60 + 1);
    }
    // And little less: nobody waits for nothing.
    assertThat(spent).isGreaterThan((time.nanoTime() - began) / 1e9 - 1);
  }

  @Test
  void budgetsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> new Budget(0, DELAY_MAX)).hasMessageContaining("more than zero");
    assertThatThrownBy(() -> new Budget(Double.NaN, DELAY_MAX)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new Budget(1, DELAY_MAX.plusNanos(1))).hasMessageContaining("2 s");
    assertThatThrownBy(() -> new Budget(1, Duration.ZERO)).hasMessageContaining("1 ms");
  }
}
