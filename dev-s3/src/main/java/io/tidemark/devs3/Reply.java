package io.tidemark.devs3;

import io.tidemark.devs3.Fault.Ending;

/// What goes back over a connection.
sealed interface Reply {
  /// This answer.
  record Whole(S3Response response) implements Reply {}

  /// This answer's beginning, and then the end of the connection.
  record Half(S3Response response) implements Reply {}

  /// Nothing.
  record Silence(Ending ending) implements Reply {}
}
