package io.tidemark.porcupine;

import io.tidemark.porcupine.model.CasRegister;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;

/// Seeded histories of a register: clients that run against a real one, with some calls lost, some
/// answers forged and times that often coincide.
public final class RandomRegister {
  private final Random random;
  private final int clients;
  private final boolean unique;
  private final boolean withCas;
  private final double indefinite;
  private final double forged;
  private final List<Operation<CasRegister.Input, CasRegister.Output>> operations =
      new ArrayList<>();
  private final Map<Integer, Long> orderOfCall = new HashMap<>();
  private long time;
  private long order;
  private int nextValue;
  private CasRegister.Value value = CasRegister.Value.NONE;

  private RandomRegister(
      long seed, int clients, boolean unique, boolean withCas, double indefinite, double forged) {
    this.random = new Random(seed);
    this.clients = clients;
    this.unique = unique;
    this.withCas = withCas;
    this.indefinite = indefinite;
    this.forged = forged;
  }

  /// A history with the order in which its operations took effect, by id.
  public record Made(
      History<CasRegister.Input, CasRegister.Output> history, Map<Integer, Long> orderOfId) {
    /// The order as a witness.
    public Witness<CasRegister.Input, CasRegister.Output> witness() {
      return operation -> {
        Long order = orderOfId.get(operation.id());
        return order == null ? OptionalLong.empty() : OptionalLong.of(order);
      };
    }
  }

  /// A small history of any kind.
  public static Made small(long seed, int maxOperations) {
    Random random = new Random(~seed);
    return new RandomRegister(
            seed,
            1 + random.nextInt(4),
            random.nextBoolean(),
            random.nextBoolean(),
            random.nextInt(3) * 0.15,
            random.nextInt(3) * 0.15)
        .make(1 + random.nextInt(maxOperations));
  }

  /// A long history of reads and unique writes, all answered truly.
  public static Made legal(long seed, int clients, int size) {
    return new RandomRegister(seed, clients, true, false, 0, 0).make(size);
  }

  private static final class Open {
    final int client;
    final CasRegister.Input input;
    final long call;
    final long position;
    CasRegister.Output output;
    long order = -1;

    Open(int client, CasRegister.Input input, long call, long position) {
      this.client = client;
      this.input = input;
      this.call = call;
      this.position = position;
      this.output = new CasRegister.Written();
    }
  }

  private Made make(int size) {
    List<Open> open = new ArrayList<>();
    int nextClient = clients;
    List<Integer> idle = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      idle.add(client);
    }
    int called = 0;
    while (called < size || !open.isEmpty()) {
      time += random.nextInt(3);
      boolean canCall = called < size && !idle.isEmpty();
      if (canCall && (open.isEmpty() || random.nextBoolean())) {
        int at = random.nextInt(idle.size());
        int client = idle.get(at);
        idle.subList(at, at + 1).clear();
        open.add(new Open(client, input(), time, called++));
      } else {
        Open one = open.get(random.nextInt(open.size()));
        if (one.order < 0 && random.nextDouble() > 0.3) {
          takeEffect(one);
        } else if (random.nextDouble() < indefinite) {
          open.remove(one);
          add(one, Operation.info(one.client, one.input, one.call));
          idle.add(nextClient++);
        } else if (one.order >= 0) {
          open.remove(one);
          idle.add(one.client);
          add(one, Operation.ok(one.client, one.input, one.call, answer(one), time));
        }
      }
    }
    return number();
  }

  private Made number() {
    History<CasRegister.Input, CasRegister.Output> history = History.of(operations);
    Map<Integer, Long> orderOfId = new HashMap<>();
    for (Operation<CasRegister.Input, CasRegister.Output> operation : history.operations()) {
      Long at = orderOfCall.get(Integer.parseInt(operation.metadata().getOrDefault("n", "")));
      if (at != null) {
        orderOfId.put(operation.id(), at);
      }
    }
    return new Made(history, orderOfId);
  }

  private void add(Open one, Operation<CasRegister.Input, CasRegister.Output> operation) {
    operations.add(operation.withMetadata(Map.of("n", String.valueOf(one.position))));
    if (one.order >= 0) {
      orderOfCall.put((int) one.position, one.order);
    }
  }

  private CasRegister.Input input() {
    int kind = random.nextInt(withCas ? 3 : 2);
    return switch (kind) {
      case 0 -> new CasRegister.Read();
      case 1 -> new CasRegister.Write(fresh());
      default ->
          new CasRegister.CompareAndSet(
              String.valueOf(random.nextInt(unique ? nextValue + 1 : 3)), fresh());
    };
  }

  private String fresh() {
    return String.valueOf(unique ? nextValue++ : random.nextInt(3));
  }

  private void takeEffect(Open one) {
    one.order = order++;
    CasRegister model = new CasRegister();
    if (one.input instanceof CasRegister.Read) {
      one.output = value;
    } else if (one.input instanceof CasRegister.CompareAndSet cas) {
      one.output = new CasRegister.Compared(cas.expected().equals(value.text()));
    }
    value = Objects.requireNonNull(model.step(value, one.input, one.output));
  }

  private CasRegister.Output answer(Open one) {
    if (random.nextDouble() >= forged) {
      return one.output;
    }
    if (one.output instanceof CasRegister.Compared compared) {
      return new CasRegister.Compared(!compared.applied());
    }
    if (one.output instanceof CasRegister.Value) {
      int any = random.nextInt(Math.max(1, nextValue) + 2) - 1;
      return any < 0 ? CasRegister.Value.NONE : new CasRegister.Value(String.valueOf(any));
    }
    return one.output;
  }
}
