package io.tidemark.replica;

import io.tidemark.statemachine.Mark;
import io.tidemark.statemachine.StateMachine;
import java.util.Optional;

/// How far the log is folded, as the [Applier] last committed it. Any thread may ask.
final class Folded {
  /// One moment.
  ///
  /// @param applied everything before this position is folded in
  /// @param logTimeMillis the log's time there, in milliseconds since 1970
  /// @param logBytes the bytes of all records folded in
  /// @param lastMark the last mark among them
  record At(long applied, long logTimeMillis, long logBytes, Optional<Mark> lastMark) {
    /// Bytes of records after the last mark.
    long bytesSinceMark() {
      return logBytes - lastMark.map(Mark::logBytes).orElse(0L);
    }
  }

  private volatile boolean proven;
  private volatile At at = new At(1, 0, 0, Optional.empty());

  At now() {
    return at;
  }

  /// Whether the log was reached and proven to be the view's.
  boolean isProven() {
    return proven;
  }

  /// The log was proven to be the view's.
  void proven() {
    proven = true;
  }

  /// Takes over what was committed; on the thread of the [Applier].
  void committed(StateMachine machine) {
    at = new At(machine.applied(), machine.logTimeMillis(), machine.logBytes(), machine.lastMark());
  }
}
