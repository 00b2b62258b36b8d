package io.tidemark.porcupine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/// Records what clients do while they do it. Any thread may call it.
///
/// One clock stamps every call before it is sent and every return after it was received, under one
/// lock, so the recorded interval contains the real one and the order of the records is the order
/// of their times. After an indefinite operation its client is retired: whoever goes on does so as
/// a new client, see [#newClient].
///
/// @param <I> the input of a call
/// @param <O> the answer to a call
public final class HistoryRecorder<I, O> {
  private final LongSupplier clock;
  private final List<Operation<I, O>> finished = new ArrayList<>();
  private final Map<Integer, Invocation> open = new HashMap<>();
  private final Set<Integer> retired = new HashSet<>();
  private final int maxOperations;
  private int begun;
  private int nextClient;

  /// Records by this clock, in any unit, which must not go backwards; at most so many operations.
  public HistoryRecorder(LongSupplier clock, int maxOperations) {
    if (maxOperations < 1) {
      throw new IllegalArgumentException("maxOperations " + maxOperations);
    }
    this.clock = clock;
    this.maxOperations = maxOperations;
  }

  /// A client that was never used before.
  public synchronized int newClient() {
    return nextClient++;
  }

  /// Stamps a call; send the request only afterwards.
  ///
  /// @throws IllegalStateException if the client has a call open or is retired, or if the recorder
  ///   is full
  public synchronized Invocation invoke(int client, I input) {
    if (retired.contains(client)) {
      throw new IllegalStateException("client " + client + " is retired");
    }
    if (open.containsKey(client)) {
      throw new IllegalStateException("client " + client + " has a call open");
    }
    if (begun == maxOperations) {
      throw new IllegalStateException("the recorder holds " + maxOperations + " operations");
    }
    begun++;
    nextClient = Math.max(nextClient, client + 1);
    Invocation invocation = new Invocation(client, input, clock.getAsLong());
    open.put(client, invocation);
    return invocation;
  }

  /// The history so far. Calls that are open are indefinite in it.
  public synchronized History<I, O> history() {
    List<Operation<I, O>> operations = new ArrayList<>(finished);
    for (Invocation invocation : open.values()) {
      operations.add(Operation.info(invocation.client, invocation.input, invocation.call));
    }
    return History.of(operations);
  }

  /// A call that is on its way. Exactly one of its methods is called, once, as soon as the outcome
  /// is known.
  public final class Invocation {
    private final int client;
    private final I input;
    private final long call;

    private Invocation(int client, I input, long call) {
      this.client = client;
      this.input = input;
      this.call = call;
    }

    /// It was answered. The notes go to [Operation#metadata].
    public void ok(O output, Map<String, String> notes) {
      synchronized (HistoryRecorder.this) {
        finish(Operation.ok(client, input, call, output, clock.getAsLong()), notes);
      }
    }

    /// It was answered.
    public void ok(O output) {
      ok(output, Map.of());
    }

    /// It definitely did not happen, for this reason.
    public void fail(String reason, Map<String, String> notes) {
      synchronized (HistoryRecorder.this) {
        Map<String, String> all = new HashMap<>(notes);
        all.put("reason", reason);
        finish(Operation.failed(client, input, call, clock.getAsLong()), all);
      }
    }

    /// It definitely did not happen, for this reason.
    public void fail(String reason) {
      fail(reason, Map.of());
    }

    /// Nobody knows whether it happened, for this reason. The client is retired.
    public void info(String reason, Map<String, String> notes) {
      synchronized (HistoryRecorder.this) {
        Map<String, String> all = new HashMap<>(notes);
        all.put("reason", reason);
        finish(Operation.info(client, input, call), all);
        retired.add(client);
      }
    }

    /// Nobody knows whether it happened, for this reason. The client is retired.
    public void info(String reason) {
      info(reason, Map.of());
    }

    private void finish(Operation<I, O> operation, Map<String, String> notes) {
      if (!open.remove(client, this)) {
        throw new IllegalStateException("the call of client " + client + " is finished");
      }
      finished.add(operation.withMetadata(notes));
    }
  }
}
