package io.tidemark.porcupine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryTest {
  @Test
  void operationsAreNumberedInTheOrderOfTheirCallsAndOthersKeepTheirs() {
    History<String, String> history =
        History.of(
            List.of(
                Operation.ok(1, "late", 20, "", 30),
                Operation.ok(2, "first", 10, "", 40),
                Operation.ok(3, "second", 10, "", 10)));
    assertThat(history.operations())
        .extracting(Operation::input)
        .containsExactly("first", "second", "late");
    assertThat(history.operations()).extracting(Operation::id).containsExactly(0, 1, 2);
    assertThat(history.get(2).input()).isEqualTo("late");
  }

  @Test
  void timesAndOutcomesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> Operation.ok(0, "x", 10, "", 9))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Operation.ok(0, "x", 10, "", Operation.NEVER))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new Operation<>(0, 0, "x", "y", 1, Operation.NEVER, Outcome.INFO, Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Operation.ok(0, "x", 10, "", 10).ret()).isEqualTo(10);
  }

  @Test
  void intervalsAreClosed() {
    Operation<String, String> first = Operation.ok(0, "x", 10, "", 20);
    assertThat(first.precedes(Operation.ok(1, "x", 20, "", 30))).isFalse();
    assertThat(first.precedes(Operation.ok(1, "x", 21, "", 30))).isTrue();
  }

  @Test
  void aClientWithTwoOpenCallsIsAProblem() {
    assertThat(
            History.of(
                    List.of(
                        Operation.ok(1, "a", 10, "", 20),
                        Operation.ok(1, "b", 20, "", 30),
                        Operation.ok(1, "c", 29, "", 40)))
                .problems())
        .containsExactly("client 1 called operation 2 while it waited for operation 1");
    assertThat(
            History.of(List.of(Operation.info(1, "a", 10), Operation.ok(1, "b", 20, "", 30)))
                .problems())
        .containsExactly("client 1 called operation 1 after its indefinite operation 0");
  }

  @Test
  void eventsHaveTheirIndexAsTime() {
    History<String, String> history =
        History.ofEvents(
            List.of(
                new Event.Call<>(7, 1, "a"),
                new Event.Call<>(3, 2, "b"),
                new Event.Return<>(7, Outcome.OK, "x"),
                new Event.Call<>(9, 1, "c"),
                new Event.Return<>(3, Outcome.FAIL, null)));
    assertThat(history.operations())
        .containsExactly(
            Operation.ok(1, "a", 0, "x", 2).withId(0),
            Operation.<String, String>failed(2, "b", 1, 4).withId(1),
            Operation.<String, String>info(1, "c", 3).withId(2));
  }

  @Test
  void eventsThatDoNotPairAreRefused() {
    Event<String, String> call = new Event.Call<>(1, 1, "a");
    Event<String, String> ret = new Event.Return<>(1, Outcome.OK, "x");
    assertThatThrownBy(() -> History.ofEvents(List.of(ret)))
        .hasMessage("operation 1 returns without a call");
    assertThatThrownBy(() -> History.ofEvents(List.of(call, call)))
        .hasMessage("operation 1 called twice");
    assertThatThrownBy(() -> History.ofEvents(List.of(call, ret, ret)))
        .hasMessage("operation 1 returns twice");
  }
}
