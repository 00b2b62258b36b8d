package io.tidemark.log.s3;

import io.tidemark.log.Log;

/// How writers of one log reach each other, for appends that one hands to another.
public interface Peers {
  /// The log as the writer at this address serves it ([SlotLog#forPeers]). Asks nobody yet, and
  /// fails its calls where nobody answers. Closed by the caller, or by [#forget].
  Log connect(String address);

  /// Closes what [#connect] gave, at any time after it was used last, without blocking the caller.
  default void forget(Log peer) {
    peer.close();
  }
}
