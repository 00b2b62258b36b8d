package io.tidemark.client;

/// How current a read must be.
public sealed interface Consistency {
  /// Sees every write that was acknowledged, to anyone, before the read began. The default.
  record Linearizable() implements Consistency {}

  /// Sees at least every write up to this revision, which is not negative; asks the log nothing.
  record AtLeast(long revision) implements Consistency {}

  /// Answers from what the replica has: it may lag, and answers even when the log is away.
  record Local() implements Consistency {}

  /// Sees at least every write this client made, and everything that its earlier reads saw, on
  /// whichever endpoint; asks the log nothing.
  record ReadYourWrites() implements Consistency {}

  /// See [Linearizable].
  static Consistency linearizable() {
    return new Linearizable();
  }

  /// See [AtLeast]; a negative revision is an `IllegalArgumentException`.
  static Consistency atLeast(long revision) {
    if (revision < 0) {
      throw new IllegalArgumentException("a revision is not negative: " + revision);
    }
    return new AtLeast(revision);
  }

  /// See [Local].
  static Consistency local() {
    return new Local();
  }

  /// See [ReadYourWrites].
  static Consistency readYourWrites() {
    return new ReadYourWrites();
  }
}
