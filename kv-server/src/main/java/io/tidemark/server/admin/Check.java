package io.tidemark.server.admin;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// One thing that must hold for a server to be live, started or ready.
///
/// @param name what it is about, a word that can stand in a URL
/// @param test asks now; must not block; completes, soon and without failing, with the answer
public record Check(String name, Supplier<CompletableFuture<Outcome>> test) {
  /// Whether a check passed.
  public sealed interface Outcome {
    /// It holds.
    record Passed() implements Outcome {}

    /// It does not, and why: one line, for people.
    record Failed(String why) implements Outcome {}

    /// Passed if the condition holds, and failed with these words otherwise.
    static Outcome of(boolean holds, String whyNot) {
      return holds ? new Passed() : new Failed(whyNot);
    }
  }

  /// A check whose answer is at hand.
  public static Check now(String name, Supplier<Outcome> test) {
    return new Check(name, () -> CompletableFuture.completedFuture(test.get()));
  }
}
