package io.tidemark.replica;

/// A read that is not answered.
final class PendingRead<T> extends Rider<T> {
  /// It may read once `applied` is at least this; set before it waits in [AppliedWaiters].
  long target;

  private final Reading<T> reading;

  PendingRead(long beganNanos, long deadlineNanos, Reading<T> reading) {
    super(beganNanos, deadlineNanos);
    this.reading = reading;
  }

  Reading<T> reading() {
    return reading;
  }

  void answer(T value) {
    if (!complete(value)) {
      reading.discard(value);
    }
  }
}
