package io.tidemark.verify;

import io.tidemark.porcupine.Model;
import io.tidemark.porcupine.Partitioner;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What one key may do: hold a value that knows how often the key was written since it was created.
///
/// No revision takes part. A compare-and-put asks for a revision on the wire and for the value of
/// that revision here, which is the same as long as no value is written twice. The count of writes
/// shows a write that was done twice.
final class KeyModel implements Model<KeyModel.State, KeyModel.Input, KeyModel.Output> {
  /// What a client asks.
  sealed interface Input {
    String key();
  }

  /// What is there?
  record Get(String key) implements Input {}

  /// Let this be the value.
  record Put(String key, String value) implements Input {}

  /// Let `value` be the value if `expected` is; null: if nothing is there.
  ///
  /// @param revision what was asked on the wire: the revision that the client was told with
  ///   `expected`
  record Swap(String key, @Nullable String expected, long revision, String value)
      implements Input {}

  /// Let there be nothing.
  record Delete(String key) implements Input {}

  /// Let this be the value, and tell how often the key was written by now.
  record Count(String key, String value) implements Input {}

  /// What a client is told.
  sealed interface Output {}

  /// The value, and how often the key was written since it was created.
  record Found(String value, long version) implements Output {}

  /// Nothing is there.
  record Missing() implements Output {}

  /// It was written.
  record Written() implements Output {}

  /// It was not what was expected but this; null and 0: nothing.
  record Refused(@Nullable String value, long version) implements Output {}

  /// Nothing is there now.
  ///
  /// @param existed whether something was
  record Deleted(boolean existed) implements Output {}

  /// One key; null and 0: nothing is there.
  record State(@Nullable String value, long version) {
    static final State NOTHING = new State(null, 0);

    State written(String newValue) {
      return new State(newValue, version + 1);
    }
  }

  @Override
  public State init() {
    return State.NOTHING;
  }

  @Override
  public @Nullable State step(State state, Input input, @Nullable Output output) {
    return switch (input) {
      case Get _ -> output == null || output.equals(seen(state)) ? state : null;
      case Put put -> state.written(put.value());
      case Swap swap -> swapped(state, swap, output);
      case Delete _ ->
          output == null || output.equals(new Deleted(state.value() != null))
              ? State.NOTHING
              : null;
      case Count count -> {
        State after = state.written(count.value());
        yield output == null || output.equals(seen(after)) ? after : null;
      }
    };
  }

  private static @Nullable State swapped(State state, Swap swap, @Nullable Output output) {
    boolean holds = Objects.equals(state.value(), swap.expected());
    if (holds) {
      return output instanceof Refused ? null : state.written(swap.value());
    }
    return output == null || output.equals(new Refused(state.value(), state.version()))
        ? state
        : null;
  }

  private static Output seen(State state) {
    return state.value() == null ? new Missing() : new Found(state.value(), state.version());
  }

  @Override
  public boolean isPure(Input input, @Nullable Output output) {
    return input instanceof Get || output instanceof Refused;
  }

  @Override
  public Partitioner<Input> partitioner() {
    return Input::key;
  }

  @Override
  public String describe(Input input, @Nullable Output output) {
    String answer = " → " + (output == null ? "?" : describe(output));
    return switch (input) {
      case Get(var key) -> "get " + key + answer;
      case Put(var key, var value) -> "put " + key + " = " + value + answer;
      case Swap(var key, var expected, var revision, var value) ->
          "put " + key + " = " + value + " if " + orNothing(expected) + " @" + revision + answer;
      case Delete(var key) -> "delete " + key + answer;
      case Count(var key, var value) -> "put " + key + " = " + value + " and count" + answer;
    };
  }

  private static String describe(Output output) {
    return switch (output) {
      case Found(var value, var version) -> value + ", write " + version;
      case Missing() -> "nothing";
      case Written() -> "done";
      case Refused(var value, var version) ->
          "refused, it is " + orNothing(value) + (value == null ? "" : ", write " + version);
      case Deleted(var existed) -> existed ? "deleted" : "nothing was there";
    };
  }

  @Override
  public String describeState(State state) {
    return orNothing(state.value()) + (state.value() == null ? "" : ", write " + state.version());
  }

  private static String orNothing(@Nullable String value) {
    return value == null ? "nothing" : value;
  }
}
