package io.tidemark.server.rpc;

import io.grpc.Context;
import io.grpc.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// How long the replica may take for a request: what is left of the client's deadline, less a
/// margin so that the replica's reason arrives before the bare end of the deadline does; without a
/// deadline, a setting.
///
/// @param withoutDeadline for clients that set none
record Deadlines(Duration withoutDeadline) {
  private static final long MARGIN_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long TIMEOUT_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(1);

  /// For the call that this thread handles.
  Duration ofCall() {
    Deadline deadline = Context.current().getDeadline();
    return deadline == null
        ? withoutDeadline
        : lessMargin(deadline.timeRemaining(TimeUnit.NANOSECONDS));
  }

  /// As [#ofCall()], but no longer than without a deadline.
  Duration ofCallBounded() {
    Duration ofCall = ofCall();
    return ofCall.compareTo(withoutDeadline) < 0 ? ofCall : withoutDeadline;
  }

  // A tenth, at most 250 ms: the pace of the timers and the way back, on a busy machine too.
  static Duration lessMargin(long remainingNanos) {
    long margin = Math.min(remainingNanos / 10, MARGIN_NANOS_MAX);
    return Duration.ofNanos(Math.max(remainingNanos - margin, TIMEOUT_NANOS_MIN));
  }
}
