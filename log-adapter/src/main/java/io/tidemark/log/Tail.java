package io.tidemark.log;

/// The first unwritten position, and whether anything will ever be written there.
public sealed interface Tail {
  /// The first unwritten position.
  long position();

  /// The log takes appends.
  record Open(long position) implements Tail {}

  /// The log has ended; its tail is final.
  record Sealed(long position) implements Tail {}
}
