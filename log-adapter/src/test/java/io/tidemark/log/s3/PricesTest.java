package io.tidemark.log.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.log.LogCost.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PricesTest {
  @Test
  void aMillionRequestsCostWhatTheListSays() {
    assertThat(Prices.STANDARD.dollars(Kind.PUT, 1_000_000, 1 << 30, 0)).isCloseTo(5, within(1e-9));
    assertThat(Prices.STANDARD.dollars(Kind.GET, 1_000_000, 0, 1 << 30))
        .isCloseTo(0.4, within(1e-9));
    assertThat(Prices.EXPRESS.dollars(Kind.PUT, 1_000_000, 10L << 30, 0))
        .isCloseTo(1.13 + 0.032, within(1e-9));
    assertThat(Prices.EXPRESS.dollars(Kind.GET, 1_000_000, 0, 10L << 30))
        .isCloseTo(0.03 + 0.006, within(1e-9));
    assertThat(Prices.EXPRESS.dollars(Kind.LIST, 1_000, 0, 0)).isCloseTo(0.00113, within(1e-9));
    assertThat(Prices.STANDARD.dollars(Kind.DELETE, 1_000_000, 0, 0)).isZero();
  }

  @Test
  void aDirectoryBucketHasPricesOfItsOwn() {
    assertThat(Prices.of("fast--use1-az4--x-s3")).isEqualTo(Prices.EXPRESS);
    assertThat(Prices.of("tidemark")).isEqualTo(Prices.STANDARD);
  }

  @Test
  void whatIsNamedIsChargedAndTheRestAsBefore() {
    assertThat(Prices.STANDARD.with("put=0.0055, received=0.01"))
        .isEqualTo(new Prices(0.0055, 0.0004, 0.005, 0, 0.01));
    assertThat(Prices.EXPRESS.with("get=0,list=1,sent=2"))
        .isEqualTo(new Prices(0.00113, 0, 1, 2, 0.0006));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "put", "put=", "put=-1", "head=1", "put=1,", "put=1;get=2", "put=1e9"})
  void whatIsNoPriceIsRefused(String text) {
    assertThatThrownBy(() -> Prices.STANDARD.with(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no price: write put, get, list");
  }
}
