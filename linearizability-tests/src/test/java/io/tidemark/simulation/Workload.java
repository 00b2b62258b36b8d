package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.replica.ReadConsistency;
import io.tidemark.simulation.ClientOperation.Asked;
import io.tidemark.simulation.ClientOperation.Ended;
import io.tidemark.statemachine.Answer;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Condition;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.Operation;
import io.tidemark.statemachine.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the clients of one world ask for: a mix of reads, writes and conditional writes over a few
/// keys, one of them hot, with values that nobody else writes.
final class Workload {
  private static final int VALUE_BYTES_MAX = 3_000;

  private final SwarmConfig config;

  // What anybody has seen last of each key: a condition on it may hold or not.
  private final Map<Bytes, KeyValue> seen = new HashMap<>();
  private long revisionSeen;
  private int operations;
  private int clients;

  Workload(SwarmConfig config) {
    this.config = config;
  }

  /// A client that nobody is yet.
  int nextClient() {
    return clients++;
  }

  /// A key, one in five times the hot one.
  Bytes key(SimRandom random) {
    return Bytes.utf8("k" + (random.percent(20) ? 0 : random.nextInt(config.keys())));
  }

  /// Something to ask for.
  Asked next(SimRandom random) {
    int id = operations++;
    int dice = random.nextInt(100);
    if (config.multiKey() && dice < 20) {
      return dice < 12 ? transaction(random, id) : scan(random);
    }
    int single = random.nextInt(100);
    if (single < 50) {
      return new ClientOperation.Get(key(random), consistency(random));
    }
    if (single < 74) {
      return write(new Command.Put(key(random), Values.of(id, "put", padding(random))));
    }
    return single < 91 ? write(compareAndPut(random, id)) : delete(random);
  }

  private int padding(SimRandom random) {
    return random.percent(config.largePercent()) ? random.nextInt(VALUE_BYTES_MAX) : 0;
  }

  private static Asked write(Command command) {
    return new ClientOperation.Write(command, Optional.empty());
  }

  private Asked delete(SimRandom random) {
    if (config.multiKey() && random.percent(20)) {
      return write(new Command.DeleteRange(range(random)));
    }
    return write(new Command.Delete(key(random)));
  }

  private ReadConsistency consistency(SimRandom random) {
    int dice = random.nextInt(20);
    return switch (dice) {
      case 0 -> ReadConsistency.LOCAL;
      case 1 -> new ReadConsistency.AtLeast(revisionSeen);
      default -> ReadConsistency.LINEARIZABLE;
    };
  }

  private KeyRange range(SimRandom random) {
    if (random.nextBoolean()) {
      return KeyRange.ALL;
    }
    Bytes one = key(random);
    return random.nextBoolean() ? KeyRange.key(one) : KeyRange.of(one, key(random));
  }

  private Asked scan(SimRandom random) {
    return new ClientOperation.Scan(range(random), consistency(random));
  }

  private long revisionOf(Bytes key) {
    KeyValue last = seen.get(key);
    return last == null ? 0 : last.modifyRevision();
  }

  private Condition unchanged(Bytes key) {
    return new Condition(
        key,
        new Condition.NumberIs(
            Condition.Field.MODIFY_REVISION, Condition.Comparison.EQUAL, revisionOf(key)));
  }

  private Command compareAndPut(SimRandom random, int id) {
    Bytes key = key(random);
    return new Command.Transaction(
        List.of(unchanged(key)),
        List.of(new Operation.Put(key, Values.of(id, "cas", padding(random)))),
        List.of());
  }

  private Asked transaction(SimRandom random, int id) {
    var conditions = new ArrayList<Condition>();
    for (int i = random.nextInt(3); i > 0; i--) {
      Bytes key = key(random);
      conditions.add(
          switch (random.nextInt(4)) {
            case 0 -> new Condition(key, new Condition.Exists());
            case 1 -> new Condition(key, new Condition.Missing());
            default -> unchanged(key);
          });
    }
    return write(
        new Command.Transaction(
            conditions, operations(random, id, "then"), operations(random, id, "otherwise")));
  }

  private List<Operation> operations(SimRandom random, int id, String branch) {
    var operations = new ArrayList<Operation>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      Bytes key = key(random);
      operations.add(
          switch (random.nextInt(6)) {
            case 0 -> new Operation.Delete(key);
            case 1 -> new Operation.DeleteRange(range(random));
            case 2, 3 -> new Operation.Get(key);
            default -> new Operation.Put(key, Values.of(id, branch + i));
          });
    }
    return operations;
  }

  /// The number of the operation that this was made for; reads have numbers of their own.
  int operationOf(Asked asked) {
    if (asked instanceof ClientOperation.Write(var command, _)) {
      for (int id : Values.operationsIn(command)) {
        return id;
      }
    }
    return operations++;
  }

  /// Takes note of what a client was told.
  void learn(Ended ended) {
    if (ended instanceof ClientOperation.Read(var found, long revision)) {
      found.forEach(each -> seen.put(each.key(), each));
      revisionSeen = Math.max(revisionSeen, revision);
    } else if (ended instanceof ClientOperation.Wrote(var result)) {
      revisionSeen = Math.max(revisionSeen, Values.revisionOf(result));
      if (result instanceof Result.Decided(_, _, var answers)) {
        for (Answer answer : answers) {
          if (answer instanceof Answer.Found(var keyValue)) {
            keyValue.ifPresent(there -> seen.put(there.key(), there));
          }
        }
      }
    }
  }
}
