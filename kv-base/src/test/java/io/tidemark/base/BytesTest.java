package io.tidemark.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BytesTest {
  @Test
  void orderIsUnsignedAndAPrefixComesFirst() {
    var sorted =
        List.of(
            Bytes.EMPTY,
            Bytes.utf8("a"),
            Bytes.wrap(new byte[] {'a', 0}),
            Bytes.utf8("ab"),
            Bytes.utf8("b"),
            Bytes.wrap(new byte[] {(byte) 0x80}),
            Bytes.wrap(new byte[] {(byte) 0xff}));

    assertThat(sorted.reversed().stream().sorted()).isEqualTo(sorted);
  }

  @Test
  void everyStringWithThePrefixLiesBetweenItAndItsAfter() {
    var random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      Bytes prefix = random(random, 3);
      Bytes other = random(random, 5);
      boolean below = prefix.afterPrefix().map(after -> other.compareTo(after) < 0).orElse(true);
      assertThat(other.compareTo(prefix) >= 0 && below)
          .as("prefix %s, other %s", prefix, other)
          .isEqualTo(other.startsWith(prefix));
    }
  }

  @Test
  void nothingLiesBetweenAStringAndItsSuccessor() {
    Bytes key = Bytes.utf8("k");

    assertThat(key.successor()).isGreaterThan(key).isEqualTo(Bytes.wrap(new byte[] {'k', 0}));
  }

  @Test
  void copyOfIsIndependentOfItsSource() {
    byte[] source = {1, 2, 3};
    Bytes copy = Bytes.copyOf(source);
    source[0] = 9;

    assertThat(copy).isEqualTo(Bytes.wrap(new byte[] {1, 2, 3}));
  }

  @Test
  void longBytesAreDescribedShort() {
    assertThat(Bytes.utf8("tide").toString()).isEqualTo("\"tide\"");
    assertThat(Bytes.wrap(new byte[] {0, (byte) 0xff}).toString()).isEqualTo("0x00ff");
    assertThat(Bytes.wrap(new byte[1000]).toString()).endsWith("... (1000 bytes)");
  }

  private static Bytes random(Random random, int lengthMax) {
    byte[] array = new byte[random.nextInt(lengthMax + 1)];
    for (int i = 0; i < array.length; i++) {
      array[i] = (byte) (random.nextBoolean() ? 0xff : random.nextInt(3));
    }
    return Bytes.wrap(array);
  }
}
