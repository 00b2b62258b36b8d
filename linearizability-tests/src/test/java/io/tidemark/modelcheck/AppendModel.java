package io.tidemark.modelcheck;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Appending to the slot log with one slot in flight per writer, and a tail check of a replica.
///
/// A slot is put if absent. What was sent may reach the store at any later time and any number of
/// times: that is a slow request, a duplicate, a lost reply and a request that outlives its sender,
/// all at once. A reply is 200 (created), 412 (exists), or says nothing: 409, 5xx, no answer in
/// time. A writer that crashes starts anew under another id and knows nothing; the request it was
/// at is of unknown outcome, and its client may send it again through another writer.
record AppendModel(Setup setup) implements Model<AppendModel.State> {
  static final String ONCE = "a batch is in the log at most once";
  static final String KEPT = "what is acknowledged is at its slot";
  static final String FAILED = "what failed for certain is never in the log";
  static final String NO_GAP = "all slots below one that is acknowledged exist";
  static final String TAIL = "a tail check is beyond all acknowledged before it began";
  static final String EFFECT = "a request takes effect once";

  /// What a planted flaw does wrong.
  enum Flaw {
    /// A 412 means that the slot is lost, whose ever it is.
    EXISTS_IS_LOST,
    /// A 412 means that the own attempt before has landed.
    EXISTS_IS_OWN,
    /// A 409, which tells of another's request for the slot, means that the slot is lost.
    CONFLICT_IS_EXISTS,
    /// No answer in time, and the batch goes to the next slot.
    MOVES_UNSEEN,
    /// No answer in time is told as a failure for certain.
    UNKNOWN_IS_FAILED,
    /// A restarted writer bears its old id, and counts its batches from the beginning.
    SAME_ID,
    /// Who comes while a tail check is under way joins it.
    TAIL_CHECK_JOINED,
    /// The state machine takes each record for a new request.
    NOTHING_REMEMBERED
  }

  /// One batch, with one request in it.
  ///
  /// @param onlyAtTail whether it fails once another batch stands where it was to stand
  /// @param again the batch of which this is a retry, sent when that one's outcome is unknown, or 0
  record Batch(int number, int request, boolean onlyAtTail, int again) {
    static Batch of(int number) {
      return new Batch(number, number, false, 0);
    }

    static Batch onlyAtTail(int number) {
      return new Batch(number, number, true, 0);
    }

    static Batch retryOf(int again, int number) {
      return new Batch(number, again, false, again);
    }
  }

  /// @param batches what the clients of each writer ask for, in order
  record Setup(List<List<Batch>> batches, int slots, boolean hasReader, @Nullable Flaw flaw) {
    Setup with(Flaw planted) {
      return new Setup(batches, slots, hasReader, planted);
    }

    int batchCount() {
      return batches.stream().mapToInt(List::size).sum();
    }
  }

  enum Phase {
    READY,
    SENT,
    EXISTS
  }

  /// @param at which of its batches it is at, counted from 0
  /// @param slot the first that it does not know to exist
  /// @param isFirst whether it started only once
  record Writer(int at, int slot, Phase phase, boolean isFirst) {}

  /// Added to the slot of a tail check that was told that there is no such slot.
  static final int NOT_FOUND = 100;

  /// @param slot the first not known to exist
  /// @param reach what the tail check must reach, or -1 while there is none
  record Reader(int slot, int reach) {
    static final int NONE = -1;
  }

  static final int NOTHING = -1;
  static final int UNKNOWN = -2;
  static final int FAILED_FOR_CERTAIN = -3;

  record Put(int slot, int batch) {}

  /// @param slots the batch in each, or 0
  /// @param sent what may land in slots that are empty
  /// @param told what the client of each batch knows: a slot or one of the numbers above
  record State(
      List<Integer> slots,
      List<Put> sent,
      List<Integer> told,
      List<Writer> writers,
      List<Reader> readers) {
    State with(int index, Writer writer) {
      return new State(slots, sent, told, Lists.with(writers, index, writer), readers);
    }

    State with(Reader reader) {
      return new State(slots, sent, told, writers, List.of(reader));
    }

    State tell(int batch, int what) {
      return new State(slots, sent, Lists.with(told, batch - 1, what), writers, readers);
    }

    State sends(Put put) {
      boolean isFutile = slots.get(put.slot) != 0 || sent.contains(put);
      return isFutile ? this : new State(slots, Lists.plus(sent, put), told, writers, readers);
    }

    State lands(Put put) {
      var rest = sent.stream().filter(each -> each.slot != put.slot).toList();
      return new State(Lists.with(slots, put.slot, put.batch), rest, told, writers, readers);
    }

    int acknowledged() {
      return told.stream().mapToInt(slot -> slot + 1).max().orElse(0);
    }
  }

  boolean has(Flaw flaw) {
    return setup.flaw == flaw;
  }

  @Override
  public List<State> initial() {
    var writers = new ArrayList<Writer>();
    setup.batches.forEach(_ -> writers.add(new Writer(0, 0, Phase.READY, true)));
    return List.of(
        new State(
            Collections.nCopies(setup.slots, 0),
            List.of(),
            Collections.nCopies(setup.batchCount(), NOTHING),
            writers,
            setup.hasReader ? List.of(new Reader(0, Reader.NONE)) : List.of()));
  }

  @Override
  public void steps(State state, Steps<State> steps) {
    new AppendSteps(this, state, steps).offer();
  }

  @Override
  public List<Rule<State>> rules() {
    return List.of(
        new Rule<>(
            ONCE,
            state -> {
              var batches = state.slots.stream().filter(batch -> batch != 0).toList();
              return batches.stream().distinct().count() == batches.size();
            }),
        new Rule<>(
            KEPT, state -> all(state, (batch, slot) -> slot < 0 || state.slots.get(slot) == batch)),
        new Rule<>(
            FAILED,
            state ->
                all(
                    state,
                    (batch, told) -> told != FAILED_FOR_CERTAIN || !state.slots.contains(batch))),
        new Rule<>(
            NO_GAP,
            state ->
                all(state, (_, slot) -> slot < 0 || !state.slots.subList(0, slot).contains(0))),
        new Rule<>(EFFECT, this::takesEffectOnce));
  }

  private interface OfBatch {
    boolean holds(int batch, int told);
  }

  private static boolean all(State state, OfBatch rule) {
    return IntStream.rangeClosed(1, state.told.size())
        .allMatch(batch -> rule.holds(batch, state.told.get(batch - 1)));
  }

  /// The log is folded from its beginning to the first slot that does not exist.
  private boolean takesEffectOnce(State state) {
    var effects = new ArrayList<Integer>();
    for (int batch : state.slots) {
      if (batch == 0) {
        break;
      }
      int request = request(batch);
      if (has(Flaw.NOTHING_REMEMBERED) || !effects.contains(request)) {
        effects.add(request);
      }
    }
    boolean isOnce = effects.stream().distinct().count() == effects.size();
    return isOnce && all(state, (batch, told) -> told < 0 || effects.contains(request(batch)));
  }

  private int request(int number) {
    return setup.batches.stream()
        .flatMap(List::stream)
        .filter(batch -> batch.number == number)
        .mapToInt(Batch::request)
        .findFirst()
        .orElseThrow();
  }
}
