package io.tidemark.verify;

import io.tidemark.base.Bytes;
import io.tidemark.client.Answer;
import io.tidemark.client.KeyRange;
import io.tidemark.client.KeyValue;
import io.tidemark.client.ScanRequest;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.Transaction;
import io.tidemark.porcupine.Engine;
import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Linearizability;
import io.tidemark.porcupine.Options;
import io.tidemark.porcupine.Outcome;
import io.tidemark.porcupine.Report;
import io.tidemark.porcupine.format.HistoryFile;
import io.tidemark.porcupine.model.Transactions;
import io.tidemark.porcupine.model.Transactions.Condition;
import io.tidemark.porcupine.model.Transactions.Delete;
import io.tidemark.porcupine.model.Transactions.Entries;
import io.tidemark.porcupine.model.Transactions.Get;
import io.tidemark.porcupine.model.Transactions.Input;
import io.tidemark.porcupine.model.Transactions.Output;
import io.tidemark.porcupine.model.Transactions.Put;
import io.tidemark.porcupine.model.Transactions.Range;
import io.tidemark.porcupine.model.Transactions.Step;
import io.tidemark.porcupine.model.Transactions.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Transactions, batches and ranges over several keys, and gets and puts beside them.
///
/// A move deletes one key and writes another. Where its outcome is unknown nobody might ever see
/// its value, and yet see the deletion; so it writes a receipt as well, under a key that nobody
/// writes again if the outcome is unknown. The receipts of such moves are read last of all.
final class MultiKey extends Mix<Input, Output> {
  private static final int GETS = 20;
  private static final int PUTS = GETS + 15;
  private static final int BATCHES = PUTS + 10;
  private static final int RANGES = BATCHES + 20;
  private static final int SWAPS = RANGES + 20;
  private static final String AFTER_ALL_KEYS = "l";

  @Override
  Input draw(Random random, List<String> keys, String value, Memory memory) {
    String key = key(random, keys);
    String other = key(random, keys);
    int draw = random.nextInt(100);
    if (draw < GETS) {
      return read(key);
    } else if (draw < PUTS) {
      return write(key, value);
    } else if (draw < BATCHES) {
      return Input.of(new Get(key), new Get(other), new Get(key(random, keys)));
    } else if (draw < RANGES) {
      boolean isFirst = key.compareTo(other) < 0;
      return random.nextInt(4) == 0
          ? Input.of(new Range("k", AFTER_ALL_KEYS))
          : Input.of(new Range(isFirst ? key : other, isFirst ? other : key));
    } else if (draw < SWAPS) {
      return new Input(
          List.of(new Condition(key, memory.of(key).value())),
          List.of(new Put(key, value + "a"), new Put(other, value + "b"), new Get(key)),
          List.of(new Get(key), new Get(other)));
    }
    return Input.of(new Delete(key), new Put(other, value), new Put(memory.receipt(), value + "r"));
  }

  @Override
  Reply<Output> perform(TidemarkClient client, String prefix, Input input, Memory memory) {
    if (input.conditions().isEmpty() && input.then().size() == 1) {
      switch (input.then().getFirst()) {
        case Get(String key) -> {
          var result = client.get(Bytes.utf8(prefix + key));
          var found = new Findings(prefix, memory);
          return found.reply(true, List.of(found.at(key, result.pair())), result.revision());
        }
        case Put(String key, String value) -> {
          long revision = client.put(Bytes.utf8(prefix + key), Bytes.utf8(value)).revision();
          memory.saw(key, value, revision);
          return new Findings(prefix, memory).reply(true, List.of(), revision);
        }
        case Range range -> {
          return range(client, prefix, range, memory);
        }
        case Delete _ -> {}
      }
    }
    return input.conditions().isEmpty() && changesNothing(input)
        ? batch(client, prefix, input, memory)
        : transact(client, prefix, input, memory);
  }

  private static Reply<Output> range(
      TidemarkClient client, String prefix, Range range, Memory memory) {
    var keys = KeyRange.between(Bytes.utf8(prefix + range.from()), Bytes.utf8(prefix + range.to()));
    var found = new Findings(prefix, memory);
    var entries = new ArrayList<String>();
    try (var scan = client.scan(ScanRequest.of(keys))) {
      while (scan.hasNext()) {
        KeyValue pair = scan.next();
        String key = pair.key().utf8().substring(prefix.length());
        entries.add(key);
        entries.add(pair.value().utf8());
        var _ = found.at(key, Optional.of(pair));
      }
      return found.reply(true, List.of(new Entries(entries)), scan.revision());
    }
  }

  private static Reply<Output> batch(
      TidemarkClient client, String prefix, Input input, Memory memory) {
    List<String> keys = new ArrayList<>();
    input.then().forEach(step -> keys.add(((Get) step).key()));
    var result =
        client.batchGet(
            keys.stream().map(key -> Bytes.utf8(prefix + key)).toList(),
            io.tidemark.client.Consistency.linearizable());
    Map<String, KeyValue> there = new HashMap<>();
    result.pairs().forEach(pair -> there.put(pair.key().utf8().substring(prefix.length()), pair));
    var found = new Findings(prefix, memory);
    List<Transactions.Answer> answers = new ArrayList<>();
    keys.forEach(key -> answers.add(found.at(key, Optional.ofNullable(there.get(key)))));
    return found.reply(true, answers, result.revision());
  }

  private static Reply<Output> transact(
      TidemarkClient client, String prefix, Input input, Memory memory) {
    var transaction =
        new Transaction(
            input.conditions().stream().map(condition -> condition(prefix, condition)).toList(),
            input.then().stream().map(step -> operation(prefix, step)).toList(),
            input.otherwise().stream().map(step -> operation(prefix, step)).toList());
    var result = client.transact(transaction);
    var found = new Findings(prefix, memory);
    List<Transactions.Answer> answers = new ArrayList<>();
    List<Step> steps = result.succeeded() ? input.then() : input.otherwise();
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i) instanceof Get(String key)
          && result.answers().get(i) instanceof Answer.Found(var pair)) {
        answers.add(found.at(key, pair));
      }
    }
    return found.reply(result.succeeded(), answers, result.revision());
  }

  private static io.tidemark.client.Condition condition(String prefix, Condition condition) {
    Bytes key = Bytes.utf8(prefix + condition.key());
    String value = condition.value();
    return value == null
        ? io.tidemark.client.Condition.missing(key)
        : io.tidemark.client.Condition.value(
            key, io.tidemark.client.Condition.Comparison.EQUAL, Bytes.utf8(value));
  }

  private static io.tidemark.client.Operation operation(String prefix, Step step) {
    return switch (step) {
      case Get(String key) -> io.tidemark.client.Operation.get(Bytes.utf8(prefix + key));
      case Put(String key, String value) ->
          io.tidemark.client.Operation.put(Bytes.utf8(prefix + key), Bytes.utf8(value));
      case Delete(String key) -> io.tidemark.client.Operation.delete(Bytes.utf8(prefix + key));
      case Range _ -> throw new IllegalArgumentException("a transaction reads no range");
    };
  }

  /// What one answer tells of keys, gathered for the notes.
  private static final class Findings {
    private final String prefix;
    private final Memory memory;
    private final StringBuilder modified = new StringBuilder();

    private Findings(String prefix, Memory memory) {
      this.prefix = prefix;
      this.memory = memory;
    }

    private Value at(String key, Optional<KeyValue> pair) {
      if (pair.isEmpty()) {
        memory.saw(key, null, 0);
        return new Value(null);
      }
      String told = pair.get().key().utf8();
      if (!told.equals(prefix + key)) {
        throw new IllegalStateException("asked for " + prefix + key + ", was told of " + told);
      }
      String value = pair.get().value().utf8();
      memory.saw(key, value, pair.get().modifyRevision());
      modified.append(Notes.modified(value, pair.get().modifyRevision()));
      return new Value(value);
    }

    private Reply<Output> reply(
        boolean succeeded, List<Transactions.Answer> answers, long revision) {
      return new Reply<>(
          new Output(succeeded, answers), Notes.revisions(revision, modified.toString()));
    }
  }

  @Override
  Input read(String key) {
    return Input.of(new Get(key));
  }

  @Override
  Input write(String key, String value) {
    return Input.of(new Put(key, value));
  }

  @Override
  boolean isNothing(Output output) {
    return output.answers().equals(List.of(new Value(null)));
  }

  @Override
  boolean isWrite(Input input) {
    return !changesNothing(input);
  }

  private static boolean changesNothing(Input input) {
    return input.conditions().isEmpty()
        && input.then().stream().allMatch(step -> step instanceof Get || step instanceof Range);
  }

  @Override
  String name(Input input) {
    if (!input.conditions().isEmpty()) {
      return "transaction";
    }
    return switch (input.then().getFirst()) {
      case Get _ -> input.then().size() == 1 ? "get" : "batch-get";
      case Put _ -> "put";
      case Delete _ -> "move";
      case Range _ -> "range";
    };
  }

  @Override
  List<String> values(Input input) {
    return input.then().stream()
        .filter(Put.class::isInstance)
        .map(step -> ((Put) step).value())
        .toList();
  }

  /// Reads of the receipts of moves of unknown outcome.
  @Override
  List<Input> inquiries(History<Input, Output> history) {
    return history.operations().stream()
        .filter(o -> o.outcome() == Outcome.INFO)
        .map(o -> receipt(o.input()))
        .flatMap(Optional::stream)
        .map(this::read)
        .toList();
  }

  private static Optional<String> receipt(Input input) {
    return input.then().size() == 3
            && input.then().getFirst() instanceof Delete
            && input.then().getLast() instanceof Put(String key, _)
        ? Optional.of(key)
        : Optional.empty();
  }

  @Override
  HistoryFile<Input, Output> file() {
    return new HistoryFile<>(Input.class, Output.class);
  }

  @Override
  Checked<Input, Output> check(History<Input, Output> history, Options options) {
    return Told.of(history, this)
        .check(new Transactions(), resolved -> refuted(resolved, options), options);
  }

  /// What is wrong with one key alone, if something is.
  private static Optional<Report<?, Input, Output>> refuted(
      History<Input, Output> history, Options options) {
    var report =
        Linearizability.check(new OneKey(), OneKey.of(history), options.withEngine(Engine.SEARCH));
    return report.counterexample().isPresent() ? Optional.of(report) : Optional.empty();
  }

  /// Moves leave receipts.
  @Override
  @Nullable String deletes(Input input) {
    return null;
  }

  @Override
  Input asTransaction(Input input) {
    return input;
  }

  @Override
  Output asTransaction(Input input, Output output) {
    return output;
  }
}
