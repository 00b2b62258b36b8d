package io.tidemark.porcupine.model;

import io.tidemark.porcupine.Model;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A log of records, after the model that S2 uses for its streams.
///
/// The state is of constant size, however long the log: the tail, a hash chained over all records,
/// and the fencing token. A read of the log yields a hash, and so commits to every record before.
public final class RecordLog implements Model<RecordLog.State, RecordLog.Input, RecordLog.Output> {
  private static final long FNV_PRIME = 0x100000001B3L;

  /// What a client asks.
  public sealed interface Input {}

  /// Put these records at the end, adjacent, all or none.
  ///
  /// @param records their hashes
  /// @param matchTail the position the log must end at, null if any will do
  /// @param token the fencing token that must be in force, null if any will do
  public record Append(List<Long> records, @Nullable Long matchTail, @Nullable String token)
      implements Input {
    /// Copies the list.
    public Append {
      records = List.copyOf(records);
    }
  }

  /// Where does the log end?
  public record CheckTail() implements Input {}

  /// What is in the log, from its start to its end?
  public record ReadAll() implements Input {}

  /// From here on only this token may append.
  ///
  /// @param token the token
  public record Fence(String token) implements Input {}

  /// What a client is told.
  public sealed interface Output {}

  /// The records are in the log.
  ///
  /// @param tail the position after them
  public record Appended(long tail) implements Output {}

  /// A condition does not hold; nothing was appended.
  public record Refused() implements Output {}

  /// The log ends here.
  ///
  /// @param tail the first position without a record
  public record Tail(long tail) implements Output {}

  /// What is in the log.
  ///
  /// @param tail the first position without a record
  /// @param hash [#chain] of the hashes of all records
  public record Content(long tail, long hash) implements Output {}

  /// The token is in force.
  public record Fenced() implements Output {}

  /// The log.
  ///
  /// @param tail the first position without a record
  /// @param hash [#chain] of all records
  /// @param token the fencing token, null before the first
  public record State(long tail, long hash, @Nullable String token) {}

  /// The hash of a log with these records after one of this hash; an empty log's is 0.
  public static long chain(long hash, List<Long> records) {
    long chained = hash;
    for (long record : records) {
      long mixed = (chained ^ record) * FNV_PRIME;
      chained = mixed ^ (mixed >>> 29) ^ 0x9E3779B97F4A7C15L;
    }
    return chained;
  }

  @Override
  public State init() {
    return new State(0, 0, null);
  }

  @Override
  public @Nullable State step(State state, Input input, @Nullable Output output) {
    if (input instanceof Append append) {
      return appended(state, append, output);
    }
    if (input instanceof Fence fence) {
      return new State(state.tail(), state.hash(), fence.token());
    }
    Output actual =
        input instanceof CheckTail
            ? new Tail(state.tail())
            : new Content(state.tail(), state.hash());
    return output == null || output.equals(actual) ? state : null;
  }

  private static @Nullable State appended(State state, Append append, @Nullable Output output) {
    boolean holds =
        (append.matchTail() == null || append.matchTail() == state.tail())
            && (append.token() == null || append.token().equals(state.token()));
    if (!holds) {
      return output == null || output instanceof Refused ? state : null;
    }
    long tail = state.tail() + append.records().size();
    if (output != null && !output.equals(new Appended(tail))) {
      return null;
    }
    return new State(tail, chain(state.hash(), append.records()), state.token());
  }

  @Override
  public boolean isPure(Input input, @Nullable Output output) {
    return input instanceof CheckTail || input instanceof ReadAll || output instanceof Refused;
  }

  /// The content of a log with these records, as a reader of them reports it.
  public static Content content(List<Long> records) {
    return new Content(records.size(), chain(0, records));
  }
}
