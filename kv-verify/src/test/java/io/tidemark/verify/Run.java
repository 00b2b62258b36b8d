package io.tidemark.verify;

import io.tidemark.porcupine.Fault;
import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Operation;
import io.tidemark.verify.KeyModel.Found;
import io.tidemark.verify.KeyModel.Get;
import io.tidemark.verify.KeyModel.Input;
import io.tidemark.verify.KeyModel.Missing;
import io.tidemark.verify.KeyModel.Output;
import io.tidemark.verify.KeyModel.Put;
import io.tidemark.verify.KeyModel.Written;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The record of a run on one key and two replicas as it would be if all went well: 150 writes, one
/// begun every 10 ms and answered after 15 ms, each followed by a read; and a second of trouble at
/// 700 ms, in which four writes have an unknown outcome. Tests change one thing about it.
final class Run {
  static final long MILLI = 1_000_000;
  private static final int WRITES = 150;
  private static final long LAST_BEFORE_TROUBLE = 69;

  final List<Operation<Input, Output>> operations = new ArrayList<>();
  final List<Fault> faults = new ArrayList<>();
  private @Nullable String value;
  private long version;
  long revision;

  private Run() {}

  /// A run that proves something.
  static Run good() {
    var run = new Run();
    run.add(ok(900, new Get("k0"), -20, new Missing(), -19), "a", Notes.START);
    run.add(ok(901, new Get("k0"), -18, new Missing(), -17), "b", Notes.START);
    for (int i = 0; i < WRITES; i++) {
      long at = i * 10L;
      var put = new Put("k0", "v" + i);
      String replica = i % 2 == 0 ? "a" : "b";
      run.revision = i + 1L;
      if (i > LAST_BEFORE_TROUBLE && i <= LAST_BEFORE_TROUBLE + 4) {
        run.add(Operation.info(100 + i, put, at * MILLI), replica, null);
      } else {
        run.value = "v" + i;
        run.version++;
        run.add(ok(i % 4, put, at, new Written(), at + 15), replica, null);
      }
      if (i % 10 == 9) {
        // Long enough to overlap with the next write, which it may not see.
        run.add(ok(50 + i % 4, new Get("k0"), at + 16, run.found(), at + 21), replica, null);
      }
    }
    run.faults.add(new Fault(700 * MILLI, 745 * MILLI, "pause", "replica a"));
    long end = WRITES * 10L + 100;
    run.revision = WRITES + 1;
    run.add(ok(902, new Put(Mix.BARRIER, "barrier"), end, new Written(), end + 1), "a", Notes.END);
    run.add(ok(902, new Get("k0"), end + 2, run.found(), end + 3), "a", Notes.END);
    run.add(ok(903, new Get("k0"), end + 2, run.found(), end + 3), "b", Notes.END);
    return run;
  }

  private static long revisionOf(String value) {
    return Long.parseLong(value.substring(1)) + 1;
  }

  private Output found() {
    return new Found(String.valueOf(value), version);
  }

  static Operation<Input, Output> ok(int client, Input input, long call, Output output, long ret) {
    return Operation.ok(client, input, call * MILLI, output, ret * MILLI);
  }

  void add(Operation<Input, Output> operation, String replica, @Nullable String phase) {
    var notes = new HashMap<>(Map.of(Notes.REPLICA, replica));
    notes.put(Notes.REVISION, Long.toString(revision));
    if (operation.output() instanceof Found found) {
      notes.put(Notes.MODIFIED, Notes.modified(found.value(), revisionOf(found.value())));
    }
    if (phase != null) {
      notes.put(Notes.PHASE, phase);
    }
    operations.add(operation.withMetadata(notes));
  }

  /// The same with each operation replaced; null takes it out.
  Run each(Function<Operation<Input, Output>, @Nullable Operation<Input, Output>> change) {
    var changed = new ArrayList<Operation<Input, Output>>();
    for (Operation<Input, Output> operation : operations) {
      var after = change.apply(operation);
      if (after != null) {
        changed.add(after);
      }
    }
    operations.clear();
    operations.addAll(changed);
    return this;
  }

  Recording recording() {
    return new Recording(
        Family.SINGLE_KEY, new Evidence<>(new SingleKey(), History.of(operations), faults));
  }

  Judgement judge() {
    return recording().judge(Demands.withFaults());
  }
}
