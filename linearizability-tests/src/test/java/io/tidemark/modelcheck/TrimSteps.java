package io.tidemark.modelcheck;

import io.tidemark.modelcheck.Model.Steps;
import io.tidemark.modelcheck.TrimModel.Flaw;
import io.tidemark.modelcheck.TrimModel.Phase;
import io.tidemark.modelcheck.TrimModel.Proof;
import io.tidemark.modelcheck.TrimModel.Reader;
import io.tidemark.modelcheck.TrimModel.Setup;
import io.tidemark.modelcheck.TrimModel.State;
import io.tidemark.modelcheck.TrimModel.Trimmer;
import io.tidemark.modelcheck.TrimModel.Writer;

/// What may happen next in one state of [TrimModel].
final class TrimSteps {
  private final Setup setup;
  private final State state;
  private final Steps<State> steps;

  TrimSteps(Setup setup, State state, Steps<State> steps) {
    this.setup = setup;
    this.state = state;
    this.steps = steps;
  }

  void offer() {
    for (int i = 0; i < state.writers().size(); i++) {
      offerWriter(i, state.writers().get(i));
    }
    for (int i = 0; i < state.trimmers().size(); i++) {
      offerTrimmer(i, state.trimmers().get(i));
    }
    state.readers().forEach(this::offerReader);
    for (int put : state.sent()) {
      if (state.stored().get(put / 100) == 0) {
        steps.to(
            state.landed(put / 100, put % 100), "batch %d lands late in %d", put % 100, put / 100);
      }
    }
    offerTick();
  }

  private void offerTick() {
    State next = state;
    for (int i = 0; i < state.writers().size(); i++) {
      Writer writer = state.writers().get(i);
      if (writer.phase() != Phase.READY || writer.batch() < setup.batches().get(i)) {
        next = next.with(i, writer.with(writer.proof().older(setup.windowUnits())));
      }
    }
    for (int i = 0; i < state.trimmers().size(); i++) {
      Trimmer trimmer = state.trimmers().get(i);
      if (trimmer.ripe() < trimmer.markers()) {
        int age = trimmer.age() + setup.trimmerRate();
        boolean isRipe = age >= setup.minAgeUnits();
        int ripe = isRipe ? trimmer.markers() : trimmer.ripe();
        next = next.with(i, new Trimmer(trimmer.markers(), ripe, isRipe ? 0 : age));
      }
    }
    for (Reader reader : state.readers()) {
      Proof proof = reader.proof().older(setup.windowUnits());
      next = next.with(new Reader(reader.slot(), reader.checks(), reader.answer(), proof));
    }
    steps.to(next, "time passes");
  }

  private void offerWriter(int i, Writer writer) {
    int batch = 10 * i + writer.batch() + 1;
    int slot = writer.slot();
    switch (writer.phase()) {
      case READY -> {
        if (writer.batch() < setup.batches().get(i) && slot < setup.slots()) {
          steps.to(
              state.sends(slot * 100 + batch).with(i, writer.in(Phase.SENT)),
              "writer %d sends batch %d to slot %d",
              i,
              batch,
              slot);
          if (setup.has(Flaw.ABSENCE_PROVES) && state.stored().get(slot) == 0) {
            steps.to(
                state.with(i, writer.with(writer.proof().renewed())),
                "writer %d does not find slot %d",
                i,
                slot);
          }
        }
      }
      case SENT -> {
        if (state.stored().get(slot) == 0) {
          steps.to(
              state.landed(slot, batch).with(i, writer.in(Phase.CREATED)),
              "batch %d is created in slot %d",
              batch,
              slot);
        } else {
          steps.to(state.with(i, writer.in(Phase.EXISTS)), "writer %d is told 412 of %d", i, slot);
        }
        steps.to(state.with(i, writer.next(slot)), "writer %d gives up batch %d", i, batch);
      }
      case EXISTS ->
          steps.to(
              state.with(i, writer.answered(state.stored().get(slot))),
              "writer %d gets slot %d",
              i,
              slot);
      case CREATED, ANSWERED -> handle(i, writer, batch);
    }
  }

  private void handle(int i, Writer writer, int batch) {
    boolean isGuarded = writer.phase() == Phase.CREATED || !setup.has(Flaw.BODY_UNGUARDED);
    int slot = writer.slot();
    if (isGuarded && isOld(writer.proof())) {
      ask(writer.proof(), proof -> state.with(i, writer.with(proof)), "writer " + i);
      return;
    }
    int trimPoint = state.trimPoint(writer.proof().markers());
    if (isGuarded && slot < trimPoint && !setup.has(Flaw.NO_CONSEQUENCE)) {
      State next = setup.has(Flaw.WRITER_DELETES) ? state.deleted(slot) : state;
      if (setup.has(Flaw.APPENDS_AGAIN)) {
        steps.to(next.with(i, writer.movesTo(trimPoint)), "writer %d starts again", i);
      } else {
        steps.to(
            next.with(i, writer.next(trimPoint)), "writer %d cannot know of batch %d", i, batch);
      }
    } else if (writer.phase() == Phase.CREATED || writer.body() == batch) {
      steps.to(
          state.acknowledges(slot, batch).with(i, writer.next(slot + 1)),
          "writer %d acknowledges batch %d in slot %d",
          i,
          batch,
          slot);
    } else if (writer.body() == 0) {
      steps.breaks(TrimModel.NO_HOLE, state, "writer %d was told of slot %d, not found", i, slot);
    } else {
      steps.to(
          state.with(i, writer.movesTo(slot + 1)),
          "writer %d sees batch %d in slot %d",
          i,
          writer.body(),
          slot);
    }
  }

  private boolean isOld(Proof proof) {
    return proof.age() >= setup.windowUnits() && !setup.has(Flaw.ANY_AGE);
  }

  private interface Owner {
    State with(Proof proof);
  }

  /// Asks for the next trim marker and takes the answer, with any time between the two.
  private void ask(Proof proof, Owner owner, String who) {
    if (proof.asked() == Proof.NOTHING) {
      int markers = state.markers().size();
      boolean isNextGone = setup.has(Flaw.OLD_MARKERS_DELETED) && markers > proof.markers() + 1;
      int seen = isNextGone ? proof.markers() : markers;
      steps.to(
          owner.with(new Proof(proof.markers(), proof.age(), seen, 0)),
          "%s asks for the next trim marker, %d are seen",
          who,
          seen);
    } else {
      int age = setup.has(Flaw.AGE_FROM_ANSWER) ? 0 : proof.askedAge();
      steps.to(
          owner.with(new Proof(proof.asked(), age, Proof.NOTHING, 0)),
          "%s knows %d trim markers",
          who,
          proof.asked());
    }
  }

  private void offerTrimmer(int i, Trimmer trimmer) {
    int markers = state.markers().size();
    boolean waits = trimmer.ripe() < trimmer.markers();
    if (trimmer.markers() < markers && !waits) {
      steps.to(
          state.with(i, new Trimmer(markers, trimmer.ripe(), 0)), "trimmer %d sees markers", i);
    }
    if (trimmer.markers() == markers && !waits) {
      int upTo = setup.has(Flaw.BEYOND_TAIL) ? setup.slots() : state.tail();
      for (int point = state.trimPoint() + 1; point <= upTo; point++) {
        steps.to(
            state.marked(point).with(i, new Trimmer(markers + 1, trimmer.ripe(), 0)),
            "trimmer %d writes marker %d: trim point %d",
            i,
            markers + 1,
            point);
      }
    }
    int below = state.trimPoint(setup.has(Flaw.NO_WAIT) ? trimmer.markers() : trimmer.ripe());
    if (setup.has(Flaw.NO_MARKER)) {
      below = state.tail();
    }
    for (int slot = 0; slot < below; slot++) {
      if (state.stored().get(slot) != 0) {
        steps.to(state.deleted(slot), "trimmer %d deletes slot %d", i, slot);
      }
    }
    if (setup.trimmersRestart() && trimmer.markers() > 0) {
      steps.to(state.with(i, new Trimmer(0, 0, 0)), "trimmer %d restarts", i);
    }
  }

  private void offerReader(Reader reader) {
    int slot = reader.slot();
    Proof proof = reader.proof();
    if (reader.checks() == Reader.NONE) {
      int tail = 0;
      for (int i = 0; i < setup.slots(); i++) {
        tail = state.acknowledged().get(i) == 0 ? tail : i + 1;
      }
      steps.to(
          state.with(new Reader(slot, tail, Reader.NONE, proof)),
          "a tail check begins that must reach %d",
          tail);
    }
    if (reader.answer() == Reader.NONE) {
      if (slot < setup.slots()) {
        steps.to(
            state.with(new Reader(slot, reader.checks(), state.stored().get(slot), proof)),
            "the reader gets slot %d",
            slot);
      }
      return;
    }
    boolean isGuarded = !setup.has(Flaw.READER_UNGUARDED);
    if (isGuarded && isOld(proof)) {
      ask(
          proof,
          next -> state.with(new Reader(slot, reader.checks(), reader.answer(), next)),
          "the reader");
      return;
    }
    int trimPoint = state.trimPoint(proof.markers());
    if (isGuarded && slot < trimPoint && !setup.has(Flaw.NO_CONSEQUENCE)) {
      steps.to(
          state.with(new Reader(trimPoint, reader.checks(), Reader.NONE, proof)),
          "the reader is told of the trim point %d",
          trimPoint);
    } else if (reader.answer() == 0) {
      offerNotFound(reader);
    } else {
      offerBody(reader);
    }
  }

  private void offerNotFound(Reader reader) {
    var next = state.with(new Reader(reader.slot(), Reader.NONE, Reader.NONE, reader.proof()));
    if (reader.checks() > reader.slot()) {
      steps.breaks(TrimModel.TAIL, next, "the tail check answers %d", reader.slot());
    } else {
      steps.to(next, "the reader is at the tail, %d", reader.slot());
    }
  }

  private void offerBody(Reader reader) {
    int slot = reader.slot();
    var next = state.with(new Reader(slot + 1, reader.checks(), Reader.NONE, reader.proof()));
    if (reader.answer() == state.original().get(slot)) {
      steps.to(next, "the reader takes slot %d", slot);
    } else {
      steps.breaks(TrimModel.READS_TRUTH, next, "the reader takes batch %d", reader.answer());
    }
  }
}
