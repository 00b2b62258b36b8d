package io.tidemark.porcupine.model;

import io.tidemark.porcupine.Model;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A set, empty at first.
public final class StringSet
    implements Model<SortedSet<String>, StringSet.Input, StringSet.Output> {
  /// What a client asks.
  public sealed interface Input {}

  /// Let the element be in the set.
  ///
  /// @param element the element
  public record Add(String element) implements Input {}

  /// Let the element not be in the set.
  ///
  /// @param element the element
  public record Remove(String element) implements Input {}

  /// Is the element in the set?
  ///
  /// @param element the element
  public record Contains(String element) implements Input {}

  /// What is in the set?
  public record ReadAll() implements Input {}

  /// What a client is told.
  public sealed interface Output {}

  /// Whether the element was in the set before.
  ///
  /// @param present whether it was
  public record Was(boolean present) implements Output {}

  /// All elements.
  ///
  /// @param elements all of them, in order
  public record All(List<String> elements) implements Output {
    /// Copies the list.
    public All {
      elements = List.copyOf(elements);
    }
  }

  @Override
  public SortedSet<String> init() {
    return Collections.emptySortedSet();
  }

  @Override
  public @Nullable SortedSet<String> step(
      SortedSet<String> state, Input input, @Nullable Output output) {
    if (input instanceof ReadAll) {
      boolean fits =
          output == null
              || (output instanceof All all && all.elements().equals(state.stream().toList()));
      return fits ? state : null;
    }
    String element =
        input instanceof Add add
            ? add.element()
            : input instanceof Remove remove ? remove.element() : ((Contains) input).element();
    boolean present = state.contains(element);
    if (output != null && !output.equals(new Was(present))) {
      return null;
    }
    if (input instanceof Contains || present == input instanceof Add) {
      return state;
    }
    SortedSet<String> changed = new TreeSet<>(state);
    if (present) {
      changed.remove(element);
    } else {
      changed.add(element);
    }
    return Collections.unmodifiableSortedSet(changed);
  }

  @Override
  public boolean isPure(Input input, @Nullable Output output) {
    boolean changedNothing =
        (input instanceof Add && new Was(true).equals(output))
            || (input instanceof Remove && new Was(false).equals(output));
    return input instanceof Contains || input instanceof ReadAll || changedNothing;
  }
}
