package io.tidemark.modelcheck;

import io.tidemark.modelcheck.Model.Steps;
import io.tidemark.modelcheck.PipelineModel.Body;
import io.tidemark.modelcheck.PipelineModel.Flaw;
import io.tidemark.modelcheck.PipelineModel.Kind;
import io.tidemark.modelcheck.PipelineModel.Op;
import io.tidemark.modelcheck.PipelineModel.Put;
import io.tidemark.modelcheck.PipelineModel.Reader;
import io.tidemark.modelcheck.PipelineModel.State;
import io.tidemark.modelcheck.PipelineModel.Writer;
import java.util.ArrayList;
import java.util.List;

/// What may happen next in one state of [PipelineModel].
final class PipelineSteps {
  private final PipelineModel model;
  private final State state;
  private final Steps<State> steps;

  PipelineSteps(PipelineModel model, State state, Steps<State> steps) {
    this.model = model;
    this.state = state;
    this.steps = steps;
  }

  void offer() {
    for (int i = 0; i < state.writers().size(); i++) {
      Writer writer = state.writers().get(i);
      if (writer.isAlive()) {
        offerSend(i, writer);
        offerLearn(i, writer);
        offerFlaws(i, writer);
        offerCrash(i, writer);
      }
    }
    for (Put put : state.sent()) {
      steps.to(state.lands(put), "%s lands", put);
    }
    state.readers().forEach(this::offerReader);
  }

  private void offerSend(int i, Writer writer) {
    int slot = writer.known() + writer.flight().size();
    List<Op> ops = model.setup().ops().get(i);
    if (writer.drains()
        || writer.flight().size() == model.setup().flightMax()
        || writer.next() > ops.size()
        || slot == model.setup().slots()) {
      return;
    }
    Op op = ops.get(writer.next() - 1);
    if (isRefused(writer, op)) {
      // What refuses it must be known to stand: an own fence in flight is not.
      if (writer.flight().isEmpty()) {
        var rest = new Writer(true, writer.known(), writer.next() + 1, List.of(), false);
        steps.to(
            state.tell(i, writer.next(), PipelineModel.WAS_REFUSED).with(i, rest),
            "writer %d refuses its append %d",
            i,
            writer.next());
      }
      return;
    }
    var body = new Body(i, writer.next(), writer.known());
    var flight = Lists.plus(writer.flight(), body);
    var sender = new Writer(true, writer.known(), writer.next() + 1, flight, false);
    State next = state.with(i, sender);
    if (state.told(i, body.number()) == PipelineModel.NOTHING && isTooLate(op)) {
      next = next.tell(i, body.number(), PipelineModel.BEGAN_LATE);
    }
    boolean isFree = state.slots().get(slot).isNone();
    steps.to(
        isFree ? next.sends(new Put(slot, body)) : next, "writer %d sends %s to %d", i, body, slot);
  }

  /// Whether a fence against the append was acknowledged before.
  private boolean isTooLate(Op op) {
    int fence = 0;
    for (Body body : state.slots().subList(0, state.tail())) {
      Op each = model.op(body);
      if (each.kind() == Kind.FENCE && state.told(body.writer(), body.number()) >= 0) {
        fence = each.token();
      }
    }
    return op.kind() == Kind.DATA && fence != 0 && op.token() != fence;
  }

  /// Whether what the writer knows, and has sent, forbids the append.
  private boolean isRefused(Writer writer, Op op) {
    int known = model.has(Flaw.FENCE_CHECKED_AT_OPEN) ? 0 : writer.known();
    var valid = model.valid(state.slots(), Math.min(known, state.tail()), 0);
    var below = new ArrayList<Op>();
    for (int slot = 0; slot < valid.size(); slot++) {
      if (valid.get(slot)) {
        below.add(model.op(state.slots().get(slot)));
      }
    }
    writer.flight().forEach(body -> below.add(model.op(body)));
    int fence = 0;
    boolean isSealed = false;
    for (Op each : below) {
      fence = each.kind() == Kind.FENCE ? each.token() : fence;
      isSealed |= each.kind() == Kind.SEAL && !model.has(Flaw.SEAL_UNREAD);
    }
    return isSealed || (op.kind() == Kind.DATA && fence != 0 && op.token() != fence);
  }

  /// The writer is told what stands in the first slot it does not know: by a 200, by a 412 and a
  /// GET, or by reading on.
  private void offerLearn(int i, Writer writer) {
    int slot = writer.known();
    if (slot == model.setup().slots() || state.slots().get(slot).isNone()) {
      return;
    }
    Body body = state.slots().get(slot);
    if (writer.flight().isEmpty()) {
      var next = new Writer(true, slot + 1, writer.next(), List.of(), false);
      steps.to(state.with(i, next), "writer %d reads slot %d", i, slot);
      return;
    }
    Body mine = writer.flight().getFirst();
    var rest = List.copyOf(writer.flight().subList(1, writer.flight().size()));
    if (body.equals(mine) && !writer.drains()) {
      var next = new Writer(true, slot + 1, writer.next(), rest, false);
      acknowledge(i, mine, slot, state.with(i, next));
    } else if (model.has(Flaw.DOES_NOT_DRAIN)) {
      int behind = slot + writer.flight().size();
      steps.to(
          state.with(i, new Writer(true, behind, mine.number(), List.of(), false)),
          "writer %d lost slot %d and goes on behind slot %d",
          i,
          slot,
          behind - 1);
    } else {
      int again = writer.drains() ? writer.next() : mine.number();
      steps.to(
          state.with(i, new Writer(true, slot + 1, again, rest, !rest.isEmpty())),
          "writer %d sees that %s is lost or void in slot %d",
          i,
          mine,
          slot);
    }
  }

  private void acknowledge(int i, Body mine, int slot, State next) {
    int told = state.told(i, mine.number());
    if (told == PipelineModel.BEGAN_LATE) {
      steps.breaks(PipelineModel.TOO_LATE, next, "writer %d acknowledges %s", i, mine);
    } else {
      steps.to(
          next.tell(i, mine.number(), slot), "writer %d acknowledges %s in slot %d", i, mine, slot);
    }
  }

  private void offerFlaws(int i, Writer writer) {
    for (int ahead = 0; ahead < writer.flight().size(); ahead++) {
      int slot = writer.known() + ahead;
      Body mine = writer.flight().get(ahead);
      if (model.has(Flaw.ACKNOWLEDGES_AT_ONCE) && state.slots().get(slot).equals(mine)) {
        acknowledge(i, mine, slot, state);
      }
    }
    if (model.has(Flaw.MOVES_UNSEEN) && !writer.flight().isEmpty()) {
      int behind = writer.known() + writer.flight().size();
      int again = writer.flight().getFirst().number();
      steps.to(
          state.with(i, new Writer(true, behind, again, List.of(), false)),
          "writer %d waits no longer and goes on at %d",
          i,
          behind);
    }
  }

  private void offerCrash(int i, Writer writer) {
    State next = state.with(i, new Writer(false, 0, 0, List.of(), false));
    for (int number = 1; number <= model.setup().ops().get(i).size(); number++) {
      int told = state.told(i, number);
      if (told == PipelineModel.NOTHING || told == PipelineModel.BEGAN_LATE) {
        next = next.tell(i, number, PipelineModel.UNKNOWN);
      }
    }
    steps.to(next, "writer %d dies after %d", i, writer.known());
  }

  private void offerReader(Reader reader) {
    if (reader.reach() == Reader.NONE) {
      steps.to(
          state.with(new Reader(reader.slot(), reader.seen(), state.acknowledged())),
          "a tail check begins that must reach %d",
          state.acknowledged());
    }
    int slot = reader.slot();
    if (slot < state.slots().size() && !state.slots().get(slot).isNone()) {
      steps.to(
          state.with(new Reader(slot + 1, Lists.plus(reader.seen(), slot), reader.reach())),
          "the reader takes slot %d",
          slot);
      return;
    }
    if (model.has(Flaw.SKIPS_HOLES)
        && slot + 1 < state.slots().size()
        && !state.slots().get(slot + 1).isNone()) {
      steps.to(
          state.with(new Reader(slot + 1, reader.seen(), reader.reach())),
          "the reader goes on behind slot %d",
          slot);
    }
    State next = state.with(new Reader(slot, reader.seen(), Reader.NONE));
    if (reader.reach() > slot) {
      steps.breaks(PipelineModel.TAIL, next, "the tail check answers %d", slot);
    } else if (reader.reach() != Reader.NONE) {
      steps.to(next, "the tail check answers %d", slot);
    }
  }
}
