package io.tidemark.verify;

import io.tidemark.base.Bytes;
import io.tidemark.client.Answer;
import io.tidemark.client.Condition;
import io.tidemark.client.KeyValue;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.Transaction;
import io.tidemark.porcupine.Engine;
import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Linearizability;
import io.tidemark.porcupine.Options;
import io.tidemark.porcupine.Verdict;
import io.tidemark.porcupine.format.HistoryFile;
import io.tidemark.porcupine.model.Transactions;
import io.tidemark.verify.KeyModel.Count;
import io.tidemark.verify.KeyModel.Delete;
import io.tidemark.verify.KeyModel.Deleted;
import io.tidemark.verify.KeyModel.Found;
import io.tidemark.verify.KeyModel.Get;
import io.tidemark.verify.KeyModel.Input;
import io.tidemark.verify.KeyModel.Missing;
import io.tidemark.verify.KeyModel.Output;
import io.tidemark.verify.KeyModel.Put;
import io.tidemark.verify.KeyModel.Refused;
import io.tidemark.verify.KeyModel.Swap;
import io.tidemark.verify.KeyModel.Written;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Gets, puts, puts on condition, deletes, and puts that count, of one key each.
final class SingleKey extends Mix<Input, Output> {
  private static final int GETS = 54;
  private static final int PUTS = GETS + 22;
  private static final int SWAPS = PUTS + 13;
  private static final int DELETES = SWAPS + 5;

  @Override
  Input draw(Random random, List<String> keys, String value, Memory memory) {
    String key = key(random, keys);
    int draw = random.nextInt(100);
    if (draw < GETS) {
      return new Get(key);
    } else if (draw < PUTS) {
      return new Put(key, value);
    } else if (draw < SWAPS) {
      Memory.Seen seen = memory.of(key);
      return new Swap(key, seen.value(), seen.revision(), value);
    } else if (draw < DELETES) {
      return new Delete(key);
    }
    return new Count(key, value);
  }

  @Override
  Reply<Output> perform(TidemarkClient client, String prefix, Input input, Memory memory) {
    Bytes key = Bytes.utf8(prefix + input.key());
    return switch (input) {
      case Get _ -> {
        var result = client.get(key);
        yield found(result.pair(), result.revision(), input.key(), memory);
      }
      case Put put -> {
        long revision = client.put(key, Bytes.utf8(put.value())).revision();
        memory.saw(put.key(), put.value(), revision);
        yield new Reply<>(new Written(), Notes.revision(revision));
      }
      case Swap swap -> swap(client, key, swap, memory);
      case Delete delete -> {
        var result = client.delete(key);
        memory.saw(delete.key(), null, 0);
        yield new Reply<>(new Deleted(result.deleted()), Notes.revision(result.revision()));
      }
      case Count count -> count(client, key, count, memory);
    };
  }

  private static Reply<Output> swap(TidemarkClient client, Bytes key, Swap swap, Memory memory) {
    var result =
        client.transact(
            Transaction.when(Condition.unchangedSince(key, swap.revision()))
                .then(io.tidemark.client.Operation.put(key, Bytes.utf8(swap.value())))
                .otherwise(io.tidemark.client.Operation.get(key)));
    if (result.succeeded()) {
      memory.saw(swap.key(), swap.value(), result.revision());
      return new Reply<>(new Written(), Notes.revision(result.revision()));
    }
    var reply = found(pair(result.answers().getFirst()), result.revision(), swap.key(), memory);
    return new Reply<>(
        reply.output() instanceof Found(var value, var version)
            ? new Refused(value, version)
            : new Refused(null, 0),
        reply.notes());
  }

  private static Reply<Output> count(TidemarkClient client, Bytes key, Count count, Memory memory) {
    var result =
        client.transact(
            Transaction.when()
                .then(
                    io.tidemark.client.Operation.put(key, Bytes.utf8(count.value())),
                    io.tidemark.client.Operation.get(key)));
    var reply = found(pair(result.answers().getLast()), result.revision(), count.key(), memory);
    return reply;
  }

  private static Optional<KeyValue> pair(Answer answer) {
    return answer instanceof Answer.Found(var pair) ? pair : Optional.empty();
  }

  private static Reply<Output> found(
      Optional<KeyValue> pair, long revision, String key, Memory memory) {
    if (pair.isEmpty()) {
      memory.saw(key, null, 0);
      return new Reply<>(new Missing(), Notes.revision(revision));
    }
    String value = pair.get().value().utf8();
    memory.saw(key, value, pair.get().modifyRevision());
    return new Reply<>(
        new Found(value, pair.get().version()),
        Notes.revisions(revision, Notes.modified(value, pair.get().modifyRevision())));
  }

  @Override
  Input read(String key) {
    return new Get(key);
  }

  @Override
  Input write(String key, String value) {
    return new Put(key, value);
  }

  @Override
  boolean isNothing(Output output) {
    return output instanceof Missing;
  }

  @Override
  boolean isWrite(Input input) {
    return !(input instanceof Get);
  }

  @Override
  String name(Input input) {
    return switch (input) {
      case Get _ -> "get";
      case Put _ -> "put";
      case Swap _ -> "compare-and-put";
      case Delete _ -> "delete";
      case Count _ -> "put-and-count";
    };
  }

  @Override
  List<String> values(Input input) {
    return switch (input) {
      case Get _, Delete _ -> List.of();
      case Put put -> List.of(put.value());
      case Swap swap -> List.of(swap.value());
      case Count count -> List.of(count.value());
    };
  }

  @Override
  HistoryFile<Input, Output> file() {
    return new HistoryFile<>(Input.class, Output.class);
  }

  @Override
  List<Input> inquiries(History<Input, Output> history) {
    return List.of();
  }

  @Override
  @Nullable String deletes(Input input) {
    return input instanceof Delete delete ? delete.key() : null;
  }

  /// The search is blind: whatever else the servers told, the answers alone must be possible. Where
  /// it finds no end, the order that the servers told is tried: if that is possible, so are they.
  @Override
  Checked<Input, Output> check(History<Input, Output> history, Options options) {
    var searched =
        Linearizability.check(
            new KeyModel(), Unseen.alike(history), options.withEngine(Engine.SEARCH));
    var blind = Mix.about(history, searched);
    Told<Input, Output> told = Told.of(history, this);
    return switch (blind.verdict()) {
      case Verdict.Ok _ -> new Checked<>(blind, told.disagreement(options));
      case Verdict.Unknown _ ->
          new Checked<>(told.proof(new KeyModel(), options).orElse(blind), Optional.empty());
      case Verdict.Illegal _, Verdict.LogDisagrees _ -> new Checked<>(blind, Optional.empty());
    };
  }

  @Override
  Transactions.Input asTransaction(Input input) {
    return switch (input) {
      case Get get -> Transactions.Input.of(new Transactions.Get(get.key()));
      case Put put -> Transactions.Input.of(new Transactions.Put(put.key(), put.value()));
      case Swap swap ->
          new Transactions.Input(
              List.of(new Transactions.Condition(swap.key(), swap.expected())),
              List.of(new Transactions.Put(swap.key(), swap.value())),
              List.of(new Transactions.Get(swap.key())));
      case Delete delete -> Transactions.Input.of(new Transactions.Delete(delete.key()));
      case Count count ->
          Transactions.Input.of(
              new Transactions.Put(count.key(), count.value()), new Transactions.Get(count.key()));
    };
  }

  @Override
  Transactions.Output asTransaction(Input input, Output output) {
    return switch (output) {
      case Found found -> told(true, new Transactions.Value(found.value()));
      case Missing _ -> told(true, new Transactions.Value(null));
      case Written _, Deleted _ -> told(true);
      case Refused refused -> told(false, new Transactions.Value(refused.value()));
    };
  }

  private static Transactions.Output told(boolean succeeded, Transactions.Answer... answers) {
    return new Transactions.Output(succeeded, List.of(answers));
  }
}
