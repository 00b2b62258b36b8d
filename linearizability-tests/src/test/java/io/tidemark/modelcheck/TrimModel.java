package io.tidemark.modelcheck;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/// Trimming the slot log while anybody may sleep for any time: no false success, no zombie read.
///
/// One batch a slot, `0` for none. What was sent to the store may reach it at any later time, and
/// any number of times; a reply may be handled at any time after it was made, which is also how a
/// process sleeps. Time passes in ticks, for every process at once: a writer's or reader's clock
/// counts one unit in each, a trimmer's `trimmerRate`, which is the worst that clocks whose rates
/// differ by that factor can do. Nobody compares clocks of two processes.
///
/// The guard, which is what the model is about: a process keeps the age of its *proof*, which is
/// the time since it sent the latest question for the next trim marker that was answered "there is
/// none". On handling a reply about a slot it asks again if the proof is as old as `windowUnits`,
/// and then takes the reply for nothing if the slot is below the trim point.
record TrimModel(Setup setup) implements Model<TrimModel.State> {
  static final String FALSE_SUCCESS = "what is acknowledged is what the log holds at its slot";
  static final String ONCE = "a batch is in the log at most once";
  static final String KEPT = "what is acknowledged and not trimmed can be read";
  static final String BELOW_TAIL = "the trim point is never beyond the tail";
  static final String READS_TRUTH = "a reader takes no body but the log's";
  static final String TAIL = "a tail check is beyond all acknowledged before it began";
  static final String NO_HOLE = "a slot that exists is not found missing";

  /// What a planted flaw does wrong.
  enum Flaw {
    /// T1: deletes what is not covered by a marker.
    NO_MARKER,
    /// T2: trims beyond the tail.
    BEYOND_TAIL,
    /// T3: deletes as soon as the marker is written.
    NO_WAIT,
    /// T4: takes any proof for fresh.
    ANY_AGE,
    /// T4 with a proof that counts from the answer, not from the question.
    AGE_FROM_ANSWER,
    /// T4 as first argued: a slot that is not found renews the proof.
    ABSENCE_PROVES,
    /// T5: asks again when the proof is old, and does not care for the answer.
    NO_CONSEQUENCE,
    /// Guards the 200 alone, not what a GET brings to the writer.
    BODY_UNGUARDED,
    /// A reader and a tail check believe what a GET brings.
    READER_UNGUARDED,
    /// Appends again what was found below the trim point.
    APPENDS_AGAIN,
    /// The writer deletes what it finds below the trim point.
    WRITER_DELETES,
    /// Only the newest marker is kept.
    OLD_MARKERS_DELETED
  }

  /// The size of the world.
  ///
  /// @param batches how many each writer appends; their numbers are `10 * writer + 1` and so on
  record Setup(
      List<Integer> batches,
      int slots,
      int trimmers,
      boolean hasReader,
      boolean trimmersRestart,
      int minAgeUnits,
      int windowUnits,
      int trimmerRate,
      Set<Flaw> flaws) {
    Setup with(Flaw flaw) {
      return new Setup(
          batches,
          slots,
          trimmers,
          hasReader,
          trimmersRestart,
          minAgeUnits,
          windowUnits,
          trimmerRate,
          Set.of(flaw));
    }

    Setup withRate(int rate) {
      return new Setup(
          batches,
          slots,
          trimmers,
          hasReader,
          trimmersRestart,
          minAgeUnits,
          windowUnits,
          rate,
          flaws);
    }

    boolean has(Flaw flaw) {
      return flaws.contains(flaw);
    }
  }

  enum Phase {
    READY,
    SENT,
    CREATED,
    EXISTS,
    ANSWERED
  }

  /// What a process knows of the trim chain.
  ///
  /// @param markers known to it
  /// @param age of its proof
  /// @param asked markers that the latest answer told of, or -1 while nothing is asked
  /// @param askedAge time since that question was sent
  record Proof(int markers, int age, int asked, int askedAge) {
    static final int NOTHING = -1;
    static final Proof FRESH = new Proof(0, 0, NOTHING, 0);

    Proof older(int ageMax) {
      return new Proof(
          markers,
          Math.min(age + 1, ageMax),
          asked,
          asked == NOTHING ? 0 : Math.min(askedAge + 1, ageMax));
    }

    Proof renewed() {
      return new Proof(markers, 0, asked, askedAge);
    }
  }

  /// @param batch the number of its batch that is next, counted from 0
  /// @param body what the GET answered: a batch, or 0
  record Writer(int batch, int slot, Phase phase, int body, Proof proof) {
    Writer in(Phase next) {
      return new Writer(batch, slot, next, 0, proof);
    }

    Writer answered(int with) {
      return new Writer(batch, slot, Phase.ANSWERED, with, proof);
    }

    Writer with(Proof next) {
      return new Writer(batch, slot, phase, body, next);
    }

    Writer next(int at) {
      return new Writer(batch + 1, at, Phase.READY, 0, proof);
    }

    Writer movesTo(int at) {
      return new Writer(batch, at, Phase.READY, 0, proof);
    }
  }

  /// @param markers known to it
  /// @param ripe of those, how many it has known for as long as must be waited
  /// @param age since it learned of the youngest, while that is not ripe
  record Trimmer(int markers, int ripe, int age) {}

  /// @param checks the slot a tail check must reach, or -1 while there is none
  /// @param answer what its GET brought: a batch, 0 for none, -1 while none is under way
  record Reader(int slot, int checks, int answer, Proof proof) {
    static final int NONE = -1;
  }

  /// @param original what was stored first in each slot: the log
  /// @param stored what the store has there now
  /// @param sent PUTs that may still reach the store: `slot * 100 + batch`, ascending
  /// @param markers the trim points, oldest first
  /// @param acknowledged for each slot the batch acknowledged there, or 0
  record State(
      List<Integer> original,
      List<Integer> stored,
      List<Integer> sent,
      List<Integer> markers,
      List<Integer> acknowledged,
      List<Writer> writers,
      List<Trimmer> trimmers,
      List<Reader> readers) {
    int tail() {
      int none = original.indexOf(0);
      return none < 0 ? original.size() : none;
    }

    /// The trim point that the first `count` markers set.
    int trimPoint(int count) {
      return count == 0 ? 0 : markers.get(count - 1);
    }

    int trimPoint() {
      return trimPoint(markers.size());
    }

    State with(int index, Writer writer) {
      return new State(
          original,
          stored,
          sent,
          markers,
          acknowledged,
          Lists.with(writers, index, writer),
          trimmers,
          readers);
    }

    State with(int index, Trimmer trimmer) {
      return new State(
          original,
          stored,
          sent,
          markers,
          acknowledged,
          writers,
          Lists.with(trimmers, index, trimmer),
          readers);
    }

    State with(Reader reader) {
      return new State(
          original, stored, sent, markers, acknowledged, writers, trimmers, List.of(reader));
    }

    State marked(int trimPoint) {
      return new State(
          original,
          stored,
          sent,
          Lists.plus(markers, trimPoint),
          acknowledged,
          writers,
          trimmers,
          readers);
    }

    State deleted(int slot) {
      return new State(
          original,
          Lists.with(stored, slot, 0),
          sent,
          markers,
          acknowledged,
          writers,
          trimmers,
          readers);
    }

    State landed(int slot, int batch) {
      var first = original.get(slot) == 0 ? Lists.with(original, slot, batch) : original;
      return new State(
          first,
          Lists.with(stored, slot, batch),
          sent,
          markers,
          acknowledged,
          writers,
          trimmers,
          readers);
    }

    State sends(int put) {
      if (sent.contains(put)) {
        return this;
      }
      var more = new ArrayList<>(sent);
      more.add(put);
      Collections.sort(more);
      return new State(
          original,
          stored,
          Collections.unmodifiableList(more),
          markers,
          acknowledged,
          writers,
          trimmers,
          readers);
    }

    State acknowledges(int slot, int batch) {
      return new State(
          original,
          stored,
          sent,
          markers,
          Lists.with(acknowledged, slot, batch),
          writers,
          trimmers,
          readers);
    }
  }

  @Override
  public List<State> initial() {
    var writers = new ArrayList<Writer>();
    setup.batches.forEach(_ -> writers.add(new Writer(0, 0, Phase.READY, 0, Proof.FRESH)));
    List<Integer> none = Collections.nCopies(setup.slots, 0);
    var reader = new Reader(0, Reader.NONE, Reader.NONE, Proof.FRESH);
    return List.of(
        new State(
            none,
            none,
            List.of(),
            List.of(),
            none,
            writers,
            Collections.nCopies(setup.trimmers, new Trimmer(0, 0, 0)),
            setup.hasReader ? List.of(reader) : List.of()));
  }

  @Override
  public List<Rule<State>> rules() {
    return List.of(
        new Rule<>(FALSE_SUCCESS, TrimModel::acknowledgedIsOriginal),
        new Rule<>(
            ONCE,
            state ->
                state.original.stream().filter(batch -> batch != 0).distinct().count()
                    == state.tail()),
        new Rule<>(BELOW_TAIL, state -> state.trimPoint() <= state.tail()),
        new Rule<>(KEPT, TrimModel::acknowledgedIsKept));
  }

  private static boolean acknowledgedIsOriginal(State state) {
    for (int slot = 0; slot < state.original.size(); slot++) {
      int batch = state.acknowledged.get(slot);
      if (batch != 0 && batch != state.original.get(slot)) {
        return false;
      }
    }
    return true;
  }

  private static boolean acknowledgedIsKept(State state) {
    for (int slot = state.trimPoint(); slot < state.original.size(); slot++) {
      int batch = state.acknowledged.get(slot);
      if (batch != 0 && batch != state.stored.get(slot)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void steps(State state, Steps<State> steps) {
    new TrimSteps(setup, state, steps).offer();
  }
}
