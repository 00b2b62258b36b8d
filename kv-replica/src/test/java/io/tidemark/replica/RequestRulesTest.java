package io.tidemark.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Condition;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.Operation;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every limit, at it and beyond it.
class RequestRulesTest {
  private static final Bytes KEY = bytes(4);

  private final RequestRules rules = new RequestRules(new Limits(4, 10, 20, 3, 2));

  private static Bytes bytes(int length) {
    return Bytes.wrap(new byte[length]);
  }

  private static void isTooLarge(Runnable check, String... said) {
    assertThatThrownBy(check::run)
        .isInstanceOf(ReplicaException.TooLarge.class)
        .hasMessageContainingAll(said);
  }

  private static void isInvalid(Runnable check, String said) {
    assertThatThrownBy(check::run)
        .isInstanceOf(ReplicaException.InvalidRequest.class)
        .hasMessageContaining(said);
  }

  @Test
  void keysAreNeitherEmptyNorTooLong() {
    assertThat(rules.key(bytes(4))).isEqualTo(4);
    isInvalid(() -> rules.key(Bytes.EMPTY), "empty");
    isTooLarge(() -> rules.key(bytes(5)), "the key", "5 bytes", "limit is 4");
    isInvalid(() -> rules.check(new Command.Put(Bytes.EMPTY, bytes(1))), "empty");
    isInvalid(() -> rules.check(new Command.Delete(Bytes.EMPTY)), "empty");
  }

  @Test
  void valuesAreNotTooLong() {
    assertThat(rules.check(new Command.Put(KEY, bytes(10)))).isEqualTo(14);
    assertThat(rules.check(new Command.Put(KEY, Bytes.EMPTY))).isEqualTo(4);
    isTooLarge(
        () -> rules.check(new Command.Put(KEY, bytes(11))), "the value", "11 bytes", "limit is 10");
  }

  @Test
  void rangesMayBeginAtTheEmptyKeyAndEndNowhere() {
    assertThat(rules.check(new Command.DeleteRange(KeyRange.ALL))).isZero();
    assertThat(rules.range(KeyRange.key(bytes(4)))).as("the largest key").isEqualTo(9);
    isTooLarge(() -> rules.range(KeyRange.prefix(bytes(6))), "beginning", "6 bytes");
    isTooLarge(() -> rules.range(KeyRange.of(KEY, bytes(6))), "end", "6 bytes");
  }

  @Test
  void transactionsHaveNotTooManySteps() {
    var condition = new Condition(KEY, new Condition.Exists());
    var get = new Operation.Get(KEY);
    assertThat(rules.check(new Command.Transaction(List.of(condition), List.of(get), List.of())))
        .isEqualTo(8);
    isTooLarge(
        () -> rules.check(new Command.Transaction(List.of(condition), List.of(get), List.of(get))),
        "3 steps",
        "limit is 2");
  }

  @Test
  void everyStepOfATransactionIsChecked() {
    var put = new Operation.Put(KEY, bytes(11));
    var far = new Operation.DeleteRange(KeyRange.prefix(bytes(6)));
    var none = new Operation.Delete(Bytes.EMPTY);
    var operand = new Condition.ValueIs(Condition.Comparison.EQUAL, bytes(11));
    isTooLarge(() -> rules.check(then(put)), "the value");
    isTooLarge(() -> rules.check(otherwise(far)), "beginning");
    isInvalid(() -> rules.check(then(none)), "empty");
    isTooLarge(() -> rules.check(on(new Condition(KEY, operand))), "the value");
    isInvalid(() -> rules.check(on(new Condition(Bytes.EMPTY, new Condition.Missing()))), "empty");
    isInvalid(
        () ->
            rules.check(
                on(
                    new Condition(
                        KEY,
                        new Condition.NumberIs(
                            Condition.Field.VERSION, Condition.Comparison.LESS, -1)))),
        "-1");
  }

  @Test
  void aRequestIsNotTooLargeInAll() {
    var put = new Operation.Put(KEY, bytes(7));
    isTooLarge(
        () -> rules.check(new Command.Transaction(List.of(), List.of(put), List.of(put))),
        "the request",
        "22 bytes",
        "limit is 20");
  }

  @Test
  void scansRevisionsAndTimeoutsAreBounded() {
    rules.scanLimit(3);
    isTooLarge(() -> rules.scanLimit(4), "4 keys", "limit is 3");
    isInvalid(() -> rules.scanLimit(0), "not 0");
    rules.revision(0);
    isInvalid(() -> rules.revision(-1), "-1");
    isInvalid(() -> rules.timeoutNanos(Duration.ZERO), "positive");
    assertThat(rules.timeoutNanos(Duration.ofDays(400_000)))
        .isEqualTo(ReplicaConfig.TIMEOUT_MAX.toNanos());
  }

  @Test
  void theDefaultsFitIntoALogRecord() {
    // 128 steps with keys of one byte, each with its frame.
    long framed = Limits.DEFAULT.requestBytesMax() + 128L * 64;
    assertThat(framed).isLessThan(17L << 20);
    assertThat(Collections.max(List.of(Limits.DEFAULT.valueBytesMax(), 16 << 20)))
        .isEqualTo(16 << 20);
  }

  private static Command then(Operation operation) {
    return new Command.Transaction(List.of(), List.of(operation), List.of());
  }

  private static Command otherwise(Operation operation) {
    return new Command.Transaction(List.of(), List.of(), List.of(operation));
  }

  private static Command on(Condition condition) {
    return new Command.Transaction(List.of(condition), List.of(), List.of());
  }
}
