package io.tidemark.porcupine.model;

import io.tidemark.porcupine.NondeterministicModel;
import io.tidemark.porcupine.Partitioner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Values by key, each with the revision that wrote it and the number of writes since it was
/// created. Revisions grow from write to write, and may skip.
///
/// The revision of a write whose answer was lost is not known until a later answer tells it; what a
/// condition on it does may go either way until then. Hence the model is nondeterministic; check
/// with [#toModel].
public final class VersionedKv
    implements NondeterministicModel<VersionedKv.State, VersionedKv.Input, VersionedKv.Output> {
  /// What a client asks.
  public sealed interface Input {
    /// Which value.
    String key();
  }

  /// What is the value?
  ///
  /// @param key which value
  public record Get(String key) implements Input {}

  /// Let this be the value.
  ///
  /// @param key which value
  /// @param value the new value
  public record Put(String key, String value) implements Input {}

  /// If the value is of this revision, let `value` be the value.
  ///
  /// @param key which value
  /// @param revision the revision it must have; 0 if it must not be there
  /// @param value the new value
  public record PutIf(String key, long revision, String value) implements Input {}

  /// Let there be no value.
  ///
  /// @param key which value
  public record Delete(String key) implements Input {}

  /// What a client is told.
  public sealed interface Output {}

  /// The value is there.
  ///
  /// @param value the value
  /// @param revision the revision that wrote it
  /// @param version how often it was written since it was created
  public record Found(String value, long revision, long version) implements Output {}

  /// There is no value.
  public record Missing() implements Output {}

  /// The value was written.
  ///
  /// @param revision the revision that did it
  public record Written(long revision) implements Output {}

  /// The condition does not hold; nothing was done.
  public record Refused() implements Output {}

  /// The value is gone.
  ///
  /// @param existed whether it was there
  public record Deleted(boolean existed) implements Output {}

  /// One key.
  ///
  /// @param value the value, null if it is not there
  /// @param revision its revision; 0 if it is not there or not known
  /// @param version how often it was written since it was created
  /// @param floor every later revision is greater; an unknown one is so too
  /// @param excluded what an unknown revision is not
  public record State(
      @Nullable String value, long revision, long version, long floor, SortedSet<Long> excluded) {
    private static final SortedSet<Long> NOTHING = new TreeSet<>();
    private static final State INITIAL = new State(null, 0, 0, 0, NOTHING);

    private boolean isUnknown() {
      return value != null && revision == 0;
    }

    /// The state in which the revision is known to be this, or null if it cannot be.
    private @Nullable State known(long actual) {
      if (isUnknown()) {
        return actual > floor && !excluded.contains(actual)
            ? new State(value, actual, version, actual, NOTHING)
            : null;
      }
      return actual == revision ? this : null;
    }

    private State otherThan(long excludedRevision) {
      SortedSet<Long> more = new TreeSet<>(excluded);
      more.add(excludedRevision);
      return new State(value, revision, version, floor, more);
    }

    private State written(String newValue, long newRevision) {
      return new State(newValue, newRevision, version + 1, Math.max(floor, newRevision), NOTHING);
    }

    private State deleted() {
      return new State(null, 0, 0, floor, NOTHING);
    }
  }

  @Override
  public Collection<State> init() {
    return List.of(State.INITIAL);
  }

  @Override
  public Collection<State> step(State state, Input input, @Nullable Output output) {
    if (input instanceof Get) {
      return got(state, output);
    }
    if (input instanceof Put put) {
      return written(state, put.value(), output);
    }
    if (input instanceof Delete) {
      boolean fits = output == null || output.equals(new Deleted(state.value() != null));
      return fits ? List.of(state.deleted()) : List.of();
    }
    return putIf(state, (PutIf) input, output);
  }

  private static Collection<State> got(State state, @Nullable Output output) {
    if (output == null) {
      return List.of(state);
    }
    if (output instanceof Found found
        && found.value().equals(state.value())
        && found.version() == state.version()) {
      return single(state.known(found.revision()));
    }
    return output instanceof Missing && state.value() == null ? List.of(state) : List.of();
  }

  private static Collection<State> written(State state, String value, @Nullable Output output) {
    if (output == null) {
      return List.of(state.written(value, 0));
    }
    return output instanceof Written written && written.revision() > state.floor()
        ? List.of(state.written(value, written.revision()))
        : List.of();
  }

  private static Collection<State> putIf(State state, PutIf put, @Nullable Output output) {
    List<State> after = new ArrayList<>();
    State met;
    State unmet;
    if (put.revision() == 0) {
      met = state.value() == null ? state : null;
      unmet = state.value() == null ? null : state;
    } else {
      met = state.value() == null ? null : state.known(put.revision());
      boolean certain = met != null && !state.isUnknown();
      unmet = certain ? null : state.isUnknown() ? state.otherThan(put.revision()) : state;
    }
    if (met != null && !(output instanceof Refused)) {
      after.addAll(written(met, put.value(), output));
    }
    if (unmet != null && (output == null || output instanceof Refused)) {
      after.add(unmet);
    }
    return after;
  }

  private static Collection<State> single(@Nullable State state) {
    return state == null ? List.of() : List.of(state);
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
    if (input instanceof Put put) {
      return "put " + put.key() + " = " + put.value() + answer;
    }
    if (input instanceof PutIf put) {
      return "put " + put.key() + " = " + put.value() + " if @" + put.revision() + answer;
    }
    return (input instanceof Get ? "get " : "delete ") + input.key() + answer;
  }

  private static String describe(Output output) {
    if (output instanceof Found found) {
      return found.value() + " @" + found.revision();
    }
    if (output instanceof Written written) {
      return "@" + written.revision();
    }
    if (output instanceof Deleted deleted) {
      return deleted.existed() ? "deleted" : "nothing";
    }
    return output instanceof Missing ? "nothing" : "refused";
  }

  @Override
  public String describeState(State state) {
    if (state.value() == null) {
      return "nothing";
    }
    return state.value() + " @" + (state.isUnknown() ? "?" : state.revision());
  }
}
