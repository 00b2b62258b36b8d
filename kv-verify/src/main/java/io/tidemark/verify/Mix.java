package io.tidemark.verify;

import io.tidemark.client.TidemarkClient;
import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Options;
import io.tidemark.porcupine.Report;
import io.tidemark.porcupine.Verdict;
import io.tidemark.porcupine.format.HistoryFile;
import io.tidemark.porcupine.model.Transactions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// The operations of one family: what is drawn, how it is asked of a server, and how what came of
/// it is checked. Without state; any thread may call.
///
/// @param <I> what is asked
/// @param <O> what is answered
abstract sealed class Mix<I, O> permits SingleKey, MultiKey {
  /// The operations of a family.
  static Mix<?, ?> of(Family family) {
    return switch (family) {
      case SINGLE_KEY -> new SingleKey();
      case MULTI_KEY -> new MultiKey();
    };
  }

  /// The key that is written last of all and read on every replica.
  static final String BARRIER = "barrier";

  /// An answer, and what the servers told beside it.
  record Reply<O>(O output, Map<String, String> notes) {}

  /// What a check found.
  ///
  /// @param report the verdict
  /// @param disagreement why what the servers told beside their answers contradicts them, though
  ///   the answers alone do not contradict each other
  record Checked<I, O>(Report<?, I, O> report, Optional<String> disagreement) {}

  /// The same report about a history whose operations have the same ids.
  static <S, I, O> Report<S, I, O> about(History<I, O> history, Report<S, I, O> report) {
    return new Report<>(
        report.model(),
        history,
        report.verdict(),
        report.stats(),
        report.partitions(),
        report.witnessRefusals());
  }

  /// The same report with another verdict.
  static <S, I, O> Report<S, I, O> withVerdict(Report<S, I, O> report, Verdict verdict) {
    return new Report<>(
        report.model(),
        report.history(),
        verdict,
        report.stats(),
        report.partitions(),
        report.witnessRefusals());
  }

  /// The next operation of a client.
  ///
  /// @param value the value it is to write, if it writes; used once
  /// @param memory what this client saw last of each key
  abstract I draw(Random random, List<String> keys, String value, Memory memory);

  /// Asks a server.
  abstract Reply<O> perform(TidemarkClient client, String prefix, I input, Memory memory);

  /// A read of one key.
  abstract I read(String key);

  /// A write of one key.
  abstract I write(String key, String value);

  /// Whether a read found nothing.
  abstract boolean isNothing(O output);

  /// Whether the operation may change something.
  abstract boolean isWrite(I input);

  /// What it is called among the figures.
  abstract String name(I input);

  /// The values it writes if it takes effect.
  abstract List<String> values(I input);

  /// What to ask at the very end, to learn what became of operations of unknown outcome.
  abstract List<I> inquiries(History<I, O> history);

  /// The key that it deletes without a trace by which others could tell when; null: none.
  abstract @Nullable String deletes(I input);

  /// The same as a transaction.
  abstract Transactions.Input asTransaction(I input);

  /// Its answer as that of a transaction; what a transaction does not tell is left out.
  abstract Transactions.Output asTransaction(I input, O output);

  /// The format of its histories.
  abstract HistoryFile<I, O> file();

  /// Checks a history.
  abstract Checked<I, O> check(History<I, O> history, Options options);

  /// The key to draw: a fifth of all operations is on the first, the others on all alike.
  static String key(Random random, List<String> keys) {
    return random.nextInt(5) == 0 ? keys.getFirst() : keys.get(random.nextInt(keys.size()));
  }
}
