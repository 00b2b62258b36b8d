package io.tidemark.server.admin;

import io.tidemark.server.admin.Check.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/// Checks that are asked together; they pass if every one does.
///
/// @param name what they are together: `livez`, `readyz`, `startupz`
/// @param checks in the order they are told in
public record Checks(String name, List<Check> checks) {
  /// Keeps a copy of the list.
  public Checks {
    checks = List.copyOf(checks);
  }

  /// Asks every check but the excluded ones, all at once. Never fails: a check that throws has not
  /// passed.
  public CompletableFuture<Report> run(Set<String> excluded) {
    return runOnly(check -> !excluded.contains(check.name()));
  }

  /// Asks those of the checks that are wanted.
  CompletableFuture<Report> runOnly(Predicate<Check> wanted) {
    var asked = new LinkedHashMap<String, CompletableFuture<Outcome>>();
    for (Check check : checks) {
      if (wanted.test(check)) {
        asked.put(check.name(), ask(check));
      }
    }
    return CompletableFuture.allOf(asked.values().toArray(new CompletableFuture<?>[0]))
        .thenApply(_ -> {
          var outcomes = new LinkedHashMap<String, Outcome>();
          asked.forEach((check, outcome) -> outcomes.put(check, outcome.join()));
          return new Report(outcomes);
        });
  }

  private static CompletableFuture<Outcome> ask(Check check) {
    CompletableFuture<Outcome> outcome;
    try {
      outcome = check.test().get();
    } catch (RuntimeException failure) {
      outcome = CompletableFuture.failedFuture(failure);
    }
    return outcome.exceptionally(failure -> new Outcome.Failed(failure.toString()));
  }

  /// What the checks said, by name, in their order.
  ///
  /// @param outcomes of those that were asked
  public record Report(Map<String, Outcome> outcomes) {
    /// Whether every one passed.
    public boolean passed() {
      return outcomes.values().stream().noneMatch(Outcome.Failed.class::isInstance);
    }
  }
}
