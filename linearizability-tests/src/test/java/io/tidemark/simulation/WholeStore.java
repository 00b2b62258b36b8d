package io.tidemark.simulation;

import io.tidemark.porcupine.Model;
import io.tidemark.simulation.ClientOperation.Asked;
import io.tidemark.simulation.ClientOperation.Ended;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.Result;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one copy of the whole store would do, one operation at a time: for histories in which an
/// operation is of several keys. A write has the revision that it was answered with, and revisions
/// grow; nothing else that the system says of its own order counts.
final class WholeStore implements Model<WholeStore.State, WholeStore.Input, Ended> {
  /// What was asked.
  ///
  /// @param revision the revision that a write was answered with, or has in the log; else 0
  record Input(Asked asked, long revision) {
    @Override
    public String toString() {
      return asked + (revision == 0 ? "" : " as " + revision);
    }
  }

  /// What all keys hold, and the revision of the last write.
  record State(Contents contents, long revision) {}

  @Override
  public State init() {
    return new State(Contents.empty(), 0);
  }

  @Override
  public @Nullable State step(State state, Input input, @Nullable Ended ended) {
    return switch (input.asked) {
      case ClientOperation.Get get ->
          isWhatWasRead(ended, state.contents.get(get.key()).stream().toList()) ? state : null;
      case ClientOperation.Scan scan ->
          isWhatWasRead(ended, state.contents.scan(scan.range())) ? state : null;
      case ClientOperation.Write write -> written(state, write, input.revision, ended);
    };
  }

  private static boolean isWhatWasRead(@Nullable Ended ended, List<KeyValue> there) {
    return !(ended instanceof ClientOperation.Read(var found, _)) || found.equals(there);
  }

  private static @Nullable State written(
      State state, ClientOperation.Write write, long revision, @Nullable Ended ended) {
    if (revision <= state.revision) {
      return null;
    }
    Contents contents = state.contents.copy();
    Result expected = contents.perform(revision, write.command());
    return ended == null || ended.equals(new ClientOperation.Wrote(expected))
        ? new State(contents, revision)
        : null;
  }

  @Override
  public boolean isPure(Input input, @Nullable Ended ended) {
    return switch (input.asked) {
      case ClientOperation.Get _, ClientOperation.Scan _ -> true;
      case ClientOperation.Write _ -> false;
    };
  }
}
