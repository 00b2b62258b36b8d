package io.tidemark.client;

import java.util.List;

/// The answer to a transaction.
///
/// @param revision the revision at which it was decided and done
/// @param succeeded whether every condition held, and so `then` was done
/// @param answers one for each operation of the branch that was done
public record TransactResult(long revision, boolean succeeded, List<Answer> answers) {
  /// Keeps a copy of the list.
  public TransactResult {
    answers = List.copyOf(answers);
  }
}
