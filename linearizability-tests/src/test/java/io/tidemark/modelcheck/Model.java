package io.tidemark.modelcheck;

import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/// A system of which every reachable state is looked at.
///
/// Its states are values: records of records, lists, enums, numbers and texts, never changed. What
/// it answers depends on its arguments alone, in content and in order.
interface Model<S> {
  /// Where the system may begin.
  List<S> initial();

  /// Offers all that may happen next in this state. None is a fine answer: the system has ended.
  void steps(S state, Steps<S> steps);

  /// What must hold in each state.
  default List<Rule<S>> rules() {
    return List.of();
  }

  /// What must hold between each state and the next.
  default List<StepRule<S>> stepRules() {
    return List.of();
  }

  /// The one state that stands for all that differ in names alone. Rules must not tell them apart.
  default S canonical(S state) {
    return state;
  }

  /// Takes the steps that a state offers.
  interface Steps<S> {
    /// To `next`; the text is a format, filled in when a run is told.
    void to(S next, String what, Object... args);

    /// A step that breaks a rule by itself, whatever comes after.
    void breaks(String rule, S next, String what, Object... args);
  }

  /// What must hold in each state, in words.
  record Rule<S>(String text, Predicate<S> holds) {}

  /// What must hold from each state to the next, in words.
  record StepRule<S>(String text, BiPredicate<S, S> holds) {}
}
