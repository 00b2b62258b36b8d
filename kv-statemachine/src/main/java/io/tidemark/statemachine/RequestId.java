package io.tidemark.statemachine;

import io.tidemark.base.Invariants;

/// Names a write request, so that it takes effect once however often it is sent.
///
/// @param session the number of a session that was opened: the revision of its
///   [Command.OpenSession]
/// @param sequence the number of the request in its session, from 1; each new request takes a
///   greater one
public record RequestId(long session, long sequence) {
  /// Checks the bounds.
  public RequestId {
    Invariants.check(session > 0 && sequence > 0, "request ids are positive", session, sequence);
  }
}
