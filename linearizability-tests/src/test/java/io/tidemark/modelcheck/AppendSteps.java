package io.tidemark.modelcheck;

import io.tidemark.modelcheck.AppendModel.Batch;
import io.tidemark.modelcheck.AppendModel.Flaw;
import io.tidemark.modelcheck.AppendModel.Phase;
import io.tidemark.modelcheck.AppendModel.Put;
import io.tidemark.modelcheck.AppendModel.Reader;
import io.tidemark.modelcheck.AppendModel.State;
import io.tidemark.modelcheck.AppendModel.Writer;
import io.tidemark.modelcheck.Model.Steps;

/// What may happen next in one state of [AppendModel].
final class AppendSteps {
  private final AppendModel model;
  private final State state;
  private final Steps<State> steps;

  AppendSteps(AppendModel model, State state, Steps<State> steps) {
    this.model = model;
    this.state = state;
    this.steps = steps;
  }

  void offer() {
    for (int i = 0; i < state.writers().size(); i++) {
      Writer writer = state.writers().get(i);
      var batches = model.setup().batches().get(i);
      if (writer.at() < batches.size()) {
        offerWriter(i, writer, batches.get(writer.at()));
      }
    }
    for (Put put : state.sent()) {
      steps.to(state.lands(put), "batch %d lands late in slot %d", put.batch(), put.slot());
    }
    state.readers().forEach(this::offerReader);
  }

  private void offerWriter(int i, Writer writer, Batch batch) {
    int slot = writer.slot();
    switch (writer.phase()) {
      case READY -> {
        if (slot < model.setup().slots() && isWanted(batch)) {
          steps.to(
              state.sends(new Put(slot, batch.number())).with(i, in(writer, Phase.SENT)),
              "writer %d sends batch %d to slot %d",
              i,
              batch.number(),
              slot);
        }
        if (batch.again() != 0) {
          steps.to(state.with(i, next(writer, slot)), "writer %d is not asked again", i);
        }
      }
      case SENT -> offerReplies(i, writer, batch);
      case EXISTS -> see(i, writer, batch);
    }
    if (writer.isFirst() && (writer.phase() != Phase.READY || writer.at() > 0)) {
      offerRestart(i, writer, batch);
    }
  }

  private boolean isWanted(Batch batch) {
    return batch.again() == 0 || state.told().get(batch.again() - 1) == AppendModel.UNKNOWN;
  }

  private void offerReplies(int i, Writer writer, Batch batch) {
    int slot = writer.slot();
    var put = new Put(slot, batch.number());
    if (state.slots().get(slot) == 0) {
      acknowledge(state.lands(put), i, writer, batch, "writer %d creates slot %d: batch %d");
    } else {
      offerExists(i, writer, batch);
    }
    // 409, 5xx and no answer at all: the same bytes are sent to the same slot again, which is the
    // state that is already here, until the client waits no longer.
    boolean isContested =
        state.sent().stream().anyMatch(each -> each.slot() == slot && !each.equals(put));
    if (model.has(Flaw.MOVES_UNSEEN) || (model.has(Flaw.CONFLICT_IS_EXISTS) && isContested)) {
      steps.to(
          state.with(i, moved(writer)),
          "writer %d is told nothing, and goes on to slot %d",
          i,
          slot + 1);
    }
    int outcome =
        model.has(Flaw.UNKNOWN_IS_FAILED) ? AppendModel.FAILED_FOR_CERTAIN : AppendModel.UNKNOWN;
    steps.to(
        state.tell(batch.number(), outcome).with(i, next(writer, slot)),
        "writer %d gives up batch %d",
        i,
        batch.number());
  }

  private void offerExists(int i, Writer writer, Batch batch) {
    if (model.has(Flaw.EXISTS_IS_OWN)) {
      acknowledge(state, i, writer, batch, "writer %d takes 412 of slot %d for its batch %d");
    } else if (model.has(Flaw.EXISTS_IS_LOST)) {
      lose(i, writer, batch);
    } else {
      steps.to(
          state.with(i, in(writer, Phase.EXISTS)),
          "writer %d is told 412 of slot %d",
          i,
          writer.slot());
    }
  }

  /// The GET after a 412.
  private void see(int i, Writer writer, Batch batch) {
    if (isOwn(i, state.slots().get(writer.slot()), writer, batch)) {
      acknowledge(state, i, writer, batch, "writer %d finds in slot %d its batch %d");
    } else {
      lose(i, writer, batch);
    }
  }

  /// Whether the body bears the writer's id and the batch's number.
  private boolean isOwn(int i, int body, Writer writer, Batch batch) {
    if (model.has(Flaw.SAME_ID) && !writer.isFirst()) {
      return model.setup().batches().get(i).stream().anyMatch(each -> each.number() == body);
    }
    return body == batch.number();
  }

  private void lose(int i, Writer writer, Batch batch) {
    if (batch.onlyAtTail()) {
      steps.to(
          state
              .tell(batch.number(), AppendModel.FAILED_FOR_CERTAIN)
              .with(i, next(writer, writer.slot() + 1)),
          "writer %d: the tail was not where batch %d expected it",
          i,
          batch.number());
    } else {
      steps.to(state.with(i, moved(writer)), "writer %d lost slot %d", i, writer.slot());
    }
  }

  private void acknowledge(State from, int i, Writer writer, Batch batch, String what) {
    steps.to(
        from.tell(batch.number(), writer.slot()).with(i, next(writer, writer.slot() + 1)),
        what,
        i,
        writer.slot(),
        batch.number());
  }

  private void offerRestart(int i, Writer writer, Batch batch) {
    boolean wasSent = writer.phase() != Phase.READY;
    State told = wasSent ? state.tell(batch.number(), AppendModel.UNKNOWN) : state;
    int at = wasSent ? writer.at() + 1 : writer.at();
    steps.to(
        told.with(i, new Writer(at, 0, Phase.READY, false)), "writer %d crashes and restarts", i);
  }

  private static Writer in(Writer writer, Phase phase) {
    return new Writer(writer.at(), writer.slot(), phase, writer.isFirst());
  }

  private static Writer moved(Writer writer) {
    return new Writer(writer.at(), writer.slot() + 1, Phase.READY, writer.isFirst());
  }

  private static Writer next(Writer writer, int slot) {
    return new Writer(writer.at() + 1, slot, Phase.READY, writer.isFirst());
  }

  private void offerReader(Reader reader) {
    int slot = reader.slot();
    if (reader.reach() == Reader.NONE) {
      steps.to(
          state.with(new Reader(slot, state.acknowledged())),
          "a tail check begins that must reach %d",
          state.acknowledged());
      return;
    }
    if (model.has(Flaw.TAIL_CHECK_JOINED) && state.acknowledged() > reader.reach()) {
      steps.to(
          state.with(new Reader(slot, state.acknowledged())),
          "a read joins the tail check that must reach %d",
          state.acknowledged());
    }
    offerProbe(reader);
  }

  /// The slot is looked at in one step and answered in another, where it was not found.
  private void offerProbe(Reader reader) {
    int slot = reader.slot();
    boolean isAnswering = slot >= AppendModel.NOT_FOUND;
    int at = isAnswering ? slot - AppendModel.NOT_FOUND : slot;
    if (isAnswering || at == model.setup().slots()) {
      State next = state.with(new Reader(at, Reader.NONE));
      if (reader.reach() > at) {
        steps.breaks(AppendModel.TAIL, next, "the tail check answers %d", at);
      } else {
        steps.to(next, "the tail check answers %d", at);
      }
    } else if (state.slots().get(at) == 0) {
      steps.to(
          state.with(new Reader(AppendModel.NOT_FOUND + at, reader.reach())),
          "the tail check does not find slot %d",
          at);
    } else {
      steps.to(state.with(new Reader(at + 1, reader.reach())), "the tail check finds slot %d", at);
    }
  }
}
