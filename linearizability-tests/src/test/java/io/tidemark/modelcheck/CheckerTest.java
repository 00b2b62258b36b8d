package io.tidemark.modelcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The checker itself: it sees each state once, and finds what is known to be wrong.
class CheckerTest {
  private static final int STATES_MAX = 100_000;

  /// Dials that each turn from 0 to `top`, one at a time.
  private record Dials(int count, int top, boolean isSymmetric) implements Model<List<Integer>> {
    @Override
    public List<List<Integer>> initial() {
      return List.of(Collections.nCopies(count, 0));
    }

    @Override
    public void steps(List<Integer> dials, Steps<List<Integer>> steps) {
      for (int i = 0; i < count; i++) {
        if (dials.get(i) < top) {
          steps.to(Lists.with(dials, i, dials.get(i) + 1), "dial %d turns", i);
        }
      }
    }

    @Override
    public List<Integer> canonical(List<Integer> dials) {
      return isSymmetric ? dials.stream().sorted().toList() : dials;
    }
  }

  private enum Phase {
    AWAY,
    SAW_FREE,
    INSIDE
  }

  private record Room(boolean isLocked, List<Phase> people) {}

  /// A lock that is looked at, and taken later; or in one step, when it `isAtomic`.
  private record Lock(boolean isAtomic) implements Model<Room> {
    @Override
    public List<Room> initial() {
      return List.of(new Room(false, List.of(Phase.AWAY, Phase.AWAY)));
    }

    @Override
    public void steps(Room room, Steps<Room> steps) {
      for (int i = 0; i < room.people.size(); i++) {
        switch (room.people.get(i)) {
          case AWAY -> {
            if (!room.isLocked) {
              Phase next = isAtomic ? Phase.INSIDE : Phase.SAW_FREE;
              steps.to(new Room(isAtomic, Lists.with(room.people, i, next)), "%d sees it free", i);
            }
          }
          case SAW_FREE ->
              steps.to(new Room(true, Lists.with(room.people, i, Phase.INSIDE)), "%d enters", i);
          case INSIDE ->
              steps.to(new Room(false, Lists.with(room.people, i, Phase.AWAY)), "%d leaves", i);
        }
      }
    }

    @Override
    public List<Rule<Room>> rules() {
      return List.of(
          new Rule<>(
              "one at a time", room -> Collections.frequency(room.people, Phase.INSIDE) <= 1));
    }
  }

  @Test
  void everyStateIsSeenOnce() {
    var outcome = (Outcome.Holds) Checker.check(new Dials(3, 9, false), STATES_MAX);
    assertThat(outcome.states()).isEqualTo(1000);
    assertThat(outcome.steps()).isEqualTo(3 * 900);
    assertThat(outcome.depth()).isEqualTo(27);
  }

  @Test
  void statesThatDifferInNamesAloneAreSeenOnce() {
    var outcome = (Outcome.Holds) Checker.check(new Dials(3, 9, true), STATES_MAX);
    assertThat(outcome.states()).isEqualTo(220);
  }

  @Test
  void aBoundThatIsReachedIsNoSuccess() {
    assertThat(Checker.check(new Dials(3, 9, false), 999)).isInstanceOf(Outcome.TooMany.class);
  }

  @Test
  void aLockWithoutAtomicityIsBrokenInFourSteps() {
    var outcome = (Outcome.Broken) Checker.check(new Lock(false), STATES_MAX);
    assertThat(outcome.rule()).isEqualTo("one at a time");
    assertThat(outcome.run()).hasSize(5);
    assertThat(outcome.run().stream().map(line -> line.lines().findFirst().orElse("").strip()))
        .containsExactly(
            "0  at first: Room[isLocked=false, people=[AWAY, AWAY]]",
            "1  0 sees it free",
            "2  1 sees it free",
            "3  0 enters",
            "4  1 enters");
    assertThat(Checker.check(new Lock(true), STATES_MAX))
        .isInstanceOfSatisfying(
            Outcome.Holds.class, holds -> assertThat(holds.states()).isEqualTo(3));
  }

  @Test
  void aRuleBetweenTwoStatesIsChecked() {
    var model =
        new Model<Integer>() {
          @Override
          public List<Integer> initial() {
            return List.of(3);
          }

          @Override
          public void steps(Integer state, Steps<Integer> steps) {
            steps.to((state * 2) % 5, "doubles");
          }

          @Override
          public List<StepRule<Integer>> stepRules() {
            return List.of(new StepRule<>("never goes back", (from, to) -> to >= from));
          }
        };
    assertThat(((Outcome.Broken) Checker.check(model, 10)).run()).hasSize(2);
  }

  @Test
  void aStateOfUnknownKindIsRefused() {
    assertThatThrownBy(() -> Fingerprint.of(List.of(new StringBuilder("mutable"))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
