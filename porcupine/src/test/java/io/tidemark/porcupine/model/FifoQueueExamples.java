package io.tidemark.porcupine.model;

import io.tidemark.porcupine.Model;
import java.util.List;

final class FifoQueueExamples extends Examples<List<String>, FifoQueue.Input, FifoQueue.Output> {
  FifoQueueExamples() {
    FifoQueue.Output in = new FifoQueue.Enqueued();
    FifoQueue.Input take = new FifoQueue.Dequeue("q");
    legal(
        "concurrent producers may come in either order",
        hand()
            .at(10, 20, new FifoQueue.Enqueue("q", "a"), in)
            .at(10, 20, new FifoQueue.Enqueue("q", "b"), in)
            .then(take, new FifoQueue.Taken("b"))
            .then(take, new FifoQueue.Taken("a"))
            .then(take, new FifoQueue.Empty()));
    illegal(
        "out of order",
        hand()
            .then(new FifoQueue.Enqueue("q", "a"), in)
            .then(new FifoQueue.Enqueue("q", "b"), in)
            .then(take, new FifoQueue.Taken("b")));
    illegal(
        "delivered twice",
        hand()
            .then(new FifoQueue.Enqueue("q", "a"), in)
            .at(100, 200, take, new FifoQueue.Taken("a"))
            .at(100, 200, take, new FifoQueue.Taken("a")));
  }

  @Override
  Class<?> about() {
    return FifoQueue.class;
  }

  @Override
  Model<List<String>, FifoQueue.Input, FifoQueue.Output> model() {
    return new FifoQueue();
  }

  private static Hand<FifoQueue.Input, FifoQueue.Output> hand() {
    return new Hand<>();
  }
}
