package io.tidemark.replica;

/// How current a read must be.
public sealed interface ReadConsistency {
  /// Sees every write that was acknowledged, anywhere, before the read began.
  ReadConsistency LINEARIZABLE = new Linearizable();

  /// Answers from what the replica has.
  ReadConsistency LOCAL = new Local();

  /// Sees every write that was acknowledged, anywhere, before the read began. Needs the log.
  record Linearizable() implements ReadConsistency {}

  /// Sees at least every write up to a revision, for which it waits if it must. Asks the log
  /// nothing, and so gives a caller its own writes on any replica at no cost to the log.
  ///
  /// @param revision the revision of a result or a read; zero asks for nothing, less than zero is
  ///   an invalid request
  record AtLeast(long revision) implements ReadConsistency {}

  /// Answers at once from what the replica has: it may lag, and answers when the log is away.
  record Local() implements ReadConsistency {}
}
