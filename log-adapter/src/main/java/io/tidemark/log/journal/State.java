package io.tidemark.log.journal;

import io.tidemark.base.Bytes;

/// What the log has come to after some frame.
///
/// @param tail the first unwritten position
/// @param fence the token of the log's fence, or empty
/// @param sealed whether it has ended
record State(long tail, Bytes fence, boolean sealed) {
  State withTail(long position) {
    return new State(position, fence, sealed);
  }

  State withFence(Bytes token) {
    return new State(tail, token, sealed);
  }

  State withSeal() {
    return new State(tail, fence, true);
  }
}
