package io.tidemark.porcupine.model;

import io.tidemark.porcupine.Model;
import io.tidemark.porcupine.Partitioner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Queues by name: first in, first out; empty at first.
public final class FifoQueue implements Model<List<String>, FifoQueue.Input, FifoQueue.Output> {
  /// What a client asks.
  public sealed interface Input {
    /// Which queue.
    String queue();
  }

  /// Put this at the end.
  ///
  /// @param queue which queue
  /// @param value what to put
  public record Enqueue(String queue, String value) implements Input {}

  /// Take what is at the front.
  ///
  /// @param queue which queue
  public record Dequeue(String queue) implements Input {}

  /// What a client is told.
  public sealed interface Output {}

  /// It is in the queue.
  public record Enqueued() implements Output {}

  /// This was at the front.
  ///
  /// @param value what was taken
  public record Taken(String value) implements Output {}

  /// There was nothing to take.
  public record Empty() implements Output {}

  @Override
  public List<String> init() {
    return List.of();
  }

  @Override
  public @Nullable List<String> step(List<String> state, Input input, @Nullable Output output) {
    if (input instanceof Enqueue enqueue) {
      List<String> longer = new ArrayList<>(state);
      longer.add(enqueue.value());
      return List.copyOf(longer);
    }
    Output actual = state.isEmpty() ? new Empty() : new Taken(state.get(0));
    if (output != null && !output.equals(actual)) {
      return null;
    }
    return state.isEmpty() ? state : List.copyOf(state.subList(1, state.size()));
  }

  @Override
  public boolean isPure(Input input, @Nullable Output output) {
    return output instanceof Empty;
  }

  @Override
  public Partitioner<Input> partitioner() {
    return Input::queue;
  }
}
