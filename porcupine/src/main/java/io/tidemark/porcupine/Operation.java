package io.tidemark.porcupine;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One call of one client. Times are of one clock in any unit (nanoseconds by habit) and form a
/// closed interval: a call that begins in the instant in which another ends is concurrent with it.
///
/// @param id the position in its [History], or -1 before it belongs to one
/// @param client who called; a client has one call open at a time
/// @param input what was asked
/// @param output what was answered; null if that is not known
/// @param call when it was called
/// @param ret when it returned, at or after `call`; [#NEVER] exactly if the outcome is `INFO`
/// @param outcome what the client knows
/// @param metadata notes for people and for the log's witness, such as the replica that served it
/// @param <I> the input of a call
/// @param <O> the answer to a call
public record Operation<I, O>(
    int id,
    int client,
    I input,
    @Nullable O output,
    long call,
    long ret,
    Outcome outcome,
    Map<String, String> metadata) {
  /// The return time of a call that never returned.
  public static final long NEVER = Long.MAX_VALUE;

  /// Refuses times that cannot be.
  public Operation {
    metadata = Map.copyOf(metadata);
    if (ret < call || call == NEVER) {
      throw new IllegalArgumentException("call " + call + " is after return " + ret);
    }
    if ((ret == NEVER) != (outcome == Outcome.INFO)) {
      throw new IllegalArgumentException("outcome " + outcome + " with return " + ret);
    }
    if (outcome == Outcome.INFO && output != null) {
      throw new IllegalArgumentException("an indefinite operation has no output: " + output);
    }
  }

  /// A call that happened; `output` is null if it returned but its answer is not known.
  public static <I, O> Operation<I, O> ok(
      int client, I input, long call, @Nullable O output, long ret) {
    return new Operation<>(-1, client, input, output, call, ret, Outcome.OK, Map.of());
  }

  /// A call that definitely did not happen.
  public static <I, O> Operation<I, O> failed(int client, I input, long call, long ret) {
    return new Operation<>(-1, client, input, null, call, ret, Outcome.FAIL, Map.of());
  }

  /// A call of which nobody knows whether it happened.
  public static <I, O> Operation<I, O> info(int client, I input, long call) {
    return new Operation<>(-1, client, input, null, call, NEVER, Outcome.INFO, Map.of());
  }

  /// The same call with another set of notes.
  public Operation<I, O> withMetadata(Map<String, String> notes) {
    return new Operation<>(id, client, input, output, call, ret, outcome, notes);
  }

  /// The same call as it looked to a client that had not heard of its return.
  public Operation<I, O> asIndefinite() {
    return new Operation<>(id, client, input, null, call, NEVER, Outcome.INFO, metadata);
  }

  /// The same call with this id.
  Operation<I, O> withId(int newId) {
    return id == newId
        ? this
        : new Operation<>(newId, client, input, output, call, ret, outcome, metadata);
  }

  /// Whether this one returned before the other was called, so that it must come first.
  public boolean precedes(Operation<?, ?> other) {
    return ret < other.call;
  }
}
