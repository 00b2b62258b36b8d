package io.tidemark.log.s3;

import io.tidemark.log.Log;

/// How writers of one log reach each other, for appends that one hands to another.
public interface Peers {
  /// The log as the writer at this address serves it ([SlotLog#forPeers]). Asks nobody yet, and
  /// fails its calls where nobody answers. Closed by the caller.
  Log connect(String address);
}
