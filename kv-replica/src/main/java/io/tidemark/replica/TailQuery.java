package io.tidemark.replica;

/// Asks for the tail itself, and waits for no more.
final class TailQuery extends Rider<Long> {
  TailQuery(long beganNanos, long deadlineNanos) {
    super(beganNanos, deadlineNanos);
  }
}
