package io.tidemark.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PausesTest {
  @Test
  void pausesDoubleUpToTheLongestAndAreSpreadOverTheUpperHalf() {
    var pauses = new Pauses(new Random(7), 20, 1_000);
    for (int nth = 1; nth <= 100; nth++) {
      long longest = nth <= 6 ? 20L << (nth - 1) : 1_000;
      for (int i = 0; i < 50; i++) {
        assertThat(pauses.nanos(nth)).isBetween(longest / 2, longest);
      }
    }
  }
}
