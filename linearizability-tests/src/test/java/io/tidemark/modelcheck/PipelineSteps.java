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
    int op = next(i, writer);
    if (op == 0 || slot == model.setup().slots()) {
      return;
    }
    Op what = model.setup().ops().get(i).get(op - 1);
    if (isRefused(writer, what)) {
      if (writer.flight().isEmpty()) {
        var rest = new Writer(true, writer.known(), writer.made(), op + 1, List.of());
        steps.to(
            state.tell(i, op, PipelineModel.WAS_REFUSED).with(i, rest),
            "writer %d refuses its append %d",
            i,
            op);
      }
      return;
    }
    int base = base(writer, what, slot);
    if (base < 0) {
      return;
    }
    int number = model.has(Flaw.NUMBER_OF_BATCH) ? op : writer.made() + 1;
    var body = new Body(i, number, base, op);
    var sender =
        new Writer(true, writer.known(), number, op + 1, Lists.plus(writer.flight(), body));
    State next = state.with(i, sender);
    if (state.told(i, op) == PipelineModel.NOTHING && isTooLate(what)) {
      next = next.tell(i, op, PipelineModel.BEGAN_LATE);
    }
    boolean isFree = state.slots().get(slot).isNone();
    steps.to(
        isFree ? next.sends(new Put(slot, body)) : next, "writer %d sends %s to %d", i, body, slot);
  }

  /// The append that is next, or 0: what was put back may have been told of meanwhile.
  private int next(int i, Writer writer) {
    for (int op = writer.next(); op <= model.setup().ops().get(i).size(); op++) {
      int told = state.told(i, op);
      if (told == PipelineModel.NOTHING || told == PipelineModel.BEGAN_LATE) {
        return op;
      }
    }
    return 0;
  }

  /// Where the chain begins that the append may be sent in, or -1 if it must wait. A fence or a
  /// seal flies alone, and a chain goes on only from the newest body that its writer made.
  private int base(Writer writer, Op op, int slot) {
    if (writer.flight().isEmpty()) {
      return slot;
    }
    Body last = writer.flight().getLast();
    boolean isAlone = op.kind() != Kind.DATA || model.op(last).kind() != Kind.DATA;
    if (writer.flight().size() == model.setup().flightMax()
        || slot - last.base() == model.setup().chainMax()
        || (isAlone && !model.has(Flaw.FENCE_NOT_ALONE))) {
      return -1;
    }
    if (last.number() == writer.made() || model.has(Flaw.CHAIN_WITH_GAP)) {
      return last.base();
    }
    return model.has(Flaw.BEGINS_BEHIND_UNDECIDED) ? slot : -1;
  }

  /// Whether a fence against the append was acknowledged before.
  private boolean isTooLate(Op op) {
    int fence = 0;
    for (Body body : state.slots().subList(0, state.tail())) {
      Op each = model.op(body);
      if (each.kind() == Kind.FENCE && state.told(body.writer(), body.op()) >= 0) {
        fence = each.token();
      }
    }
    return op.kind() == Kind.DATA && fence != 0 && op.token() != fence;
  }

  /// Whether what the writer knows, and has sent, forbids the append.
  private boolean isRefused(Writer writer, Op op) {
    int known = model.has(Flaw.FENCE_CHECKED_AT_OPEN) ? 0 : writer.known();
    var valid = model.valid(state.slots(), Math.min(known, state.tail()));
    var below = new ArrayList<Op>();
    for (int slot = 0; slot < valid.size(); slot++) {
      if (valid.get(slot)) {
        below.add(model.op(state.slots().get(slot)));
      }
    }
    int fence = 0;
    boolean isSealed = false;
    for (Op each : below) {
      fence = each.kind() == Kind.FENCE ? each.token() : fence;
      isSealed |= each.kind() == Kind.SEAL && !model.has(Flaw.SEAL_UNREAD);
    }
    return isSealed || (op.kind() == Kind.DATA && fence != 0 && op.token() != fence);
  }

  /// The writer is told what stands in a slot: by a 200, by a 412 and a GET, or by reading on. With
  /// nothing in flight it may send at any time, so that it need not have read to the end.
  private void offerLearn(int i, Writer writer) {
    int first = writer.known();
    if (writer.flight().isEmpty()) {
      if (first < model.setup().slots() && !state.slots().get(first).isNone()) {
        var next = new Writer(true, first + 1, writer.made(), writer.next(), List.of());
        steps.to(state.with(i, next), "writer %d reads slot %d", i, first);
      }
      return;
    }
    for (int ahead = 0; ahead < writer.flight().size(); ahead++) {
      Body body = state.slots().get(first + ahead);
      Body mine = writer.flight().get(ahead);
      if (body.isNone()) {
        offerRefusal(i, writer, ahead);
      } else if (!isOwn(body, mine)) {
        offerLoss(i, writer, ahead);
      } else if (ahead == 0) {
        var rest = List.copyOf(writer.flight().subList(1, writer.flight().size()));
        var next = new Writer(true, first + 1, writer.made(), writer.next(), rest);
        acknowledge(i, mine, first, state.with(i, next));
      } else if (model.has(Flaw.ACKNOWLEDGES_AT_ONCE)) {
        acknowledge(i, mine, first + ahead, state);
      }
    }
  }

  private boolean isOwn(Body body, Body mine) {
    return body.writer() == mine.writer()
        && (body.number() == mine.number() || model.has(Flaw.KNOWS_WRITER_ALONE));
  }

  /// What is abandoned is sent again, or was so late that it is told as not appended.
  private void offerLoss(int i, Writer writer, int ahead) {
    int slot = writer.known() + ahead;
    int known = ahead == 0 ? slot + 1 : writer.known();
    var left = List.copyOf(writer.flight().subList(0, ahead));
    int again = writer.flight().get(ahead).op();
    if (model.has(Flaw.WALKS_FROM_BEHIND)) {
      known = writer.known() + writer.flight().size();
      left = List.of();
    }
    steps.to(
        state.with(i, new Writer(true, known, writer.made(), again, left)),
        "writer %d sees that slot %d is lost",
        i,
        slot);
    steps.to(
        givesUp(i, writer, ahead)
            .with(i, new Writer(true, known, writer.made(), writer.next(), left)),
        "writer %d sees that slot %d is lost and gives up",
        i,
        slot);
  }

  /// The store answers that it will never do what the only request for a slot asked.
  private void offerRefusal(int i, Writer writer, int ahead) {
    var left = List.copyOf(writer.flight().subList(0, ahead));
    Body mine = writer.flight().get(ahead);
    int slot = writer.known() + ahead;
    State told = givesUp(i, writer, ahead);
    if (!model.has(Flaw.REFUSAL_DECIDES)) {
      told = told.loses(new Put(slot, mine));
    }
    int made = model.has(Flaw.NUMBER_AGAIN) ? mine.number() - 1 : writer.made();
    steps.to(
        told.with(i, new Writer(true, writer.known(), made, writer.next(), left)),
        "writer %d is refused slot %d",
        i,
        slot);
  }

  private State givesUp(int i, Writer writer, int ahead) {
    State next = state;
    for (Body body : writer.flight().subList(ahead, writer.flight().size())) {
      next = next.tell(i, body.op(), PipelineModel.WAS_REFUSED);
    }
    return next;
  }

  private void acknowledge(int i, Body mine, int slot, State next) {
    int told = state.told(i, mine.op());
    if (told == PipelineModel.BEGAN_LATE) {
      steps.breaks(PipelineModel.TOO_LATE, next, "writer %d acknowledges %s", i, mine);
    } else {
      steps.to(
          next.tell(i, mine.op(), slot), "writer %d acknowledges %s in slot %d", i, mine, slot);
    }
  }

  private void offerFlaws(int i, Writer writer) {
    if (model.has(Flaw.MOVES_UNSEEN) && !writer.flight().isEmpty()) {
      int behind = writer.known() + writer.flight().size();
      int again = writer.flight().getFirst().op();
      steps.to(
          state.with(i, new Writer(true, behind, writer.made(), again, List.of())),
          "writer %d waits no longer and goes on at %d",
          i,
          behind);
    }
  }

  private void offerCrash(int i, Writer writer) {
    State next = state.with(i, new Writer(false, 0, 0, 0, List.of()));
    for (int op = 1; op <= model.setup().ops().get(i).size(); op++) {
      int told = state.told(i, op);
      if (told == PipelineModel.NOTHING || told == PipelineModel.BEGAN_LATE) {
        next = next.tell(i, op, PipelineModel.UNKNOWN);
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
