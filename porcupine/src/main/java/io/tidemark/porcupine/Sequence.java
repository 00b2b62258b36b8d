package io.tidemark.porcupine;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/// An immutable sequence of numbers, without boxes.
public final class Sequence {
  /// No numbers.
  public static final Sequence EMPTY = new Sequence(new int[0]);

  private final int[] numbers;

  private Sequence(int[] numbers) {
    this.numbers = numbers;
  }

  /// The first `size` of these numbers, copied.
  public static Sequence copyOf(int[] numbers, int size) {
    return new Sequence(Arrays.copyOf(numbers, size));
  }

  /// How many.
  public int size() {
    return numbers.length;
  }

  /// The number at this index.
  public int get(int index) {
    return numbers[index];
  }

  /// Each number replaced.
  public Sequence map(IntUnaryOperator function) {
    return new Sequence(Arrays.stream(numbers).map(function).toArray());
  }

  /// A copy as an array.
  public int[] toArray() {
    return numbers.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Sequence that && Arrays.equals(numbers, that.numbers);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(numbers);
  }

  @Override
  public String toString() {
    return Arrays.toString(numbers);
  }
}
