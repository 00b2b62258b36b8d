package io.tidemark.devs3;

import java.time.Duration;

/// Something that goes wrong with a request, or takes long.
public sealed interface Fault {
  /// What becomes of a connection whose client gets no answer.
  enum Ending {
    /// It is reset.
    CUT,
    /// It stays open and silent, until the client gives up.
    HELD
  }

  /// How long something takes.
  sealed interface Delay {
    /// Always the same.
    record Constant(Duration delay) implements Delay {}

    /// Lognormal: half of the requests take at most `median`, 99 of 100 at most `p99`.
    record Lognormal(Duration median, Duration p99) implements Delay {}
  }

  /// Takes longer: a part of the delay, by chance, before it takes effect and the rest after.
  record Slow(Delay delay) implements Fault {}

  /// Answers this error; without effect.
  record Refuse(S3Error error) implements Fault {}

  /// Answers this error although the request took effect.
  record RefuseAfterEffect(S3Error error) implements Fault {}

  /// The request gets lost: no effect, no answer.
  record LoseRequest(Ending ending) implements Fault {}

  /// The answer gets lost: the effect is there.
  record LoseReply(Ending ending) implements Fault {}

  /// The client gets no answer, and the request takes effect this much later, or when
  /// [Faults#landNow()] is called.
  record LandLate(Duration delay, Ending ending) implements Fault {}

  /// The request takes effect twice, as when something on the way sent it again; the answer is the
  /// second one.
  record Twice() implements Fault {}

  /// The answer's body is cut short in the middle, and the connection with it.
  record Truncate() implements Fault {}

  /// One bit of the answer's body is wrong.
  record Corrupt() implements Fault {}

  /// Its name in counts and rules: `slow`, `refuse` and so on.
  default String kind() {
    return switch (this) {
      case Slow _ -> "slow";
      case Refuse _ -> "refuse";
      case RefuseAfterEffect _ -> "refuse-after-effect";
      case LoseRequest _ -> "lose-request";
      case LoseReply _ -> "lose-reply";
      case LandLate _ -> "land-late";
      case Twice _ -> "twice";
      case Truncate _ -> "truncate";
      case Corrupt _ -> "corrupt";
    };
  }
}
