package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/// Proposals from a seed: few keys, so that they meet; some of them close to the ends of what keys
/// can be; requests that are new, repeated, late, out of order and of unknown sessions.
final class RandomProposals {
  private final SplittableRandom random;
  private final int valueLengthMax;
  private final List<Long> sessions = new ArrayList<>();
  private final List<Proposal> requests = new ArrayList<>();
  private long ordinal;
  private long sequence;
  private long lastRevision = 1;
  private long lastMark;

  RandomProposals(long seed, int valueLengthMax) {
    this.random = new SplittableRandom(seed);
    this.valueLengthMax = valueLengthMax;
  }

  /// Tells the generator of an answer, so that it knows of sessions and revisions.
  void answered(long position, Result result) {
    lastRevision = position;
    if (result instanceof Result.SessionOpened(var session)) {
      sessions.add(session);
    }
    if (result instanceof Result.Marked(var revision, var effective) && effective) {
      lastMark = revision;
    }
  }

  Proposal next() {
    if (!requests.isEmpty() && random.nextInt(8) == 0) {
      // Mostly one of the last, as a client would; sometimes one from long ago.
      int back = random.nextInt(4) == 0 ? requests.size() : Math.min(requests.size(), 12);
      return requests.get(requests.size() - 1 - random.nextInt(back));
    }
    Command command = command();
    Optional<RequestId> id = requestId();
    var proposal =
        new Proposal(random.nextLong(), ++ordinal, id, random.nextLong(1L << 41), command);
    if (id.isPresent()) {
      requests.add(proposal);
    }
    return proposal;
  }

  private Optional<RequestId> requestId() {
    if (sessions.isEmpty() || random.nextInt(3) == 0) {
      return Optional.empty();
    }
    if (random.nextInt(50) == 0) {
      return Optional.of(new RequestId(1 + random.nextLong(lastRevision + 10), 1));
    }
    long session = sessions.get(sessions.size() - 1 - random.nextInt(Math.min(6, sessions.size())));
    int kind = random.nextInt(20);
    if (kind == 0) {
      sequence += random.nextInt(40);
    } else if (kind < 4) {
      return Optional.of(new RequestId(session, Math.max(1, sequence - random.nextInt(12))));
    }
    return Optional.of(new RequestId(session, ++sequence));
  }

  private Command command() {
    return switch (random.nextInt(21)) {
      case 0 -> new Command.OpenSession();
      case 20 -> new Command.Mark(random.nextInt(3) == 0 ? random.nextInt(5) : lastMark);
      case 1, 2, 3 -> new Command.Delete(key());
      case 4, 5 -> new Command.DeleteRange(range());
      case 6, 7, 8, 9, 10 ->
          new Command.Transaction(
              list(3, this::condition), list(5, this::operation), list(5, this::operation));
      default -> new Command.Put(key(), value());
    };
  }

  private <T> List<T> list(int sizeMax, Supplier<T> element) {
    var list = new ArrayList<T>();
    for (int size = random.nextInt(sizeMax + 1); list.size() < size; ) {
      list.add(element.get());
    }
    return list;
  }

  private Operation operation() {
    return switch (random.nextInt(7)) {
      case 0, 1, 2 -> new Operation.Put(key(), value());
      case 3 -> new Operation.Delete(key());
      case 4 -> new Operation.DeleteRange(range());
      default -> new Operation.Get(key());
    };
  }

  private Condition condition() {
    var comparisons = Condition.Comparison.values();
    var comparison = comparisons[random.nextInt(comparisons.length)];
    var fields = Condition.Field.values();
    return new Condition(
        key(),
        switch (random.nextInt(6)) {
          case 0 -> new Condition.Exists();
          case 1 -> new Condition.Missing();
          case 2 -> new Condition.ValueIs(comparison, value());
          default ->
              new Condition.NumberIs(
                  fields[random.nextInt(fields.length)],
                  comparison,
                  random.nextBoolean() ? random.nextInt(4) : random.nextLong(lastRevision + 2));
        });
  }

  KeyRange range() {
    return switch (random.nextInt(12)) {
      case 0 -> KeyRange.ALL;
      case 1 -> KeyRange.key(key());
      case 2, 3, 4 -> KeyRange.prefix(key());
      case 5 -> new KeyRange(key(), Optional.empty());
      default -> KeyRange.of(key(), key());
    };
  }

  Bytes key() {
    byte[] key = new byte[random.nextInt(4)];
    byte[] alphabet = {0, 'a', 'b', 'c', (byte) 0xfe, (byte) 0xff};
    for (int i = 0; i < key.length; i++) {
      key[i] = alphabet[random.nextInt(alphabet.length)];
    }
    return Bytes.wrap(key);
  }

  private Bytes value() {
    byte[] value = new byte[random.nextInt(4) == 0 ? random.nextInt(valueLengthMax + 1) : 1];
    random.nextBytes(value);
    if (value.length == 1) {
      value[0] &= 3;
    }
    return Bytes.wrap(value);
  }
}
