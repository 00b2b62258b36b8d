package io.tidemark.modelcheck;

import io.tidemark.modelcheck.PruneModel.Actor;
import io.tidemark.modelcheck.PruneModel.Flaw;
import io.tidemark.modelcheck.PruneModel.Item;
import io.tidemark.modelcheck.PruneModel.Outcome;
import io.tidemark.modelcheck.PruneModel.Pruner;
import io.tidemark.modelcheck.PruneModel.Setup;
import io.tidemark.modelcheck.PruneModel.State;
import java.util.List;
import java.util.function.Predicate;

/// What may happen next in a [PruneModel].
final class PruneSteps {
  private final Setup setup;
  private final State state;
  private final Model.Steps<State> steps;

  PruneSteps(Setup setup, State state, Model.Steps<State> steps) {
    this.setup = setup;
    this.state = state;
    this.steps = steps;
  }

  void offer() {
    for (int i = 0; i < setup.makers(); i++) {
      make(i, state.makers().get(i));
    }
    for (int i = 0; i < setup.readers(); i++) {
      read(i, state.readers().get(i));
    }
    for (int i = 0; i < setup.pruners(); i++) {
      prune(i, state.pruners().get(i));
    }
  }

  private Item item(int index) {
    return state.items().get(index);
  }

  /// 0 chooses a base, 1 writes `making`, 2 looks, 3 publishes.
  private void make(int index, Actor maker) {
    int own = index + 1;
    boolean looksFirst = setup.has(Flaw.LOOKS_THEN_MAKES);
    switch (maker.step()) {
      case 0 -> {
        for (int base = 0; base < own; base++) {
          if (item(base).outcome() == Outcome.COMPLETE && !item(base).doomed()) {
            steps.to(
                state.maker(index, new Actor(looksFirst ? 2 : 1, base, false)),
                "maker %s chooses the base %s",
                own,
                base);
          }
        }
      }
      case 1 -> {
        var making = new Item(Outcome.NONE, true, maker.base(), false, false, false);
        steps.to(
            state
                .with(own, making)
                .maker(index, new Actor(looksFirst ? 3 : 2, maker.base(), maker.sawDoomed())),
            "maker %s writes that it makes of %s",
            own,
            maker.base());
      }
      case 2 ->
          steps.to(
              state.maker(
                  index, new Actor(looksFirst ? 1 : 3, maker.base(), item(maker.base()).doomed())),
              "maker %s looks whether %s is doomed",
              own,
              maker.base());
      case 3 -> {
        // Of a base that is doomed nothing is taken: all is sent again, under other names.
        boolean takes = !maker.sawDoomed() && item(maker.base()).takes();
        var complete =
            new Item(Outcome.COMPLETE, true, maker.base(), takes, item(own).doomed(), false);
        steps.to(
            state.with(own, complete).maker(index, new Actor(4, maker.base(), maker.sawDoomed())),
            "maker %s publishes, which takes the piece: %s",
            own,
            takes);
      }
      default -> {}
    }
  }

  /// 0 pins, 1 looks, 2 reads.
  private void read(int index, Actor reader) {
    boolean looksFirst = setup.has(Flaw.LOOKS_THEN_PINS);
    int step = reader.step();
    boolean pins = looksFirst ? step == 1 : step == 0;
    boolean looks = looksFirst ? step == 0 : step == 1;
    Item item = item(0);
    if (pins) {
      var pinned =
          new Item(item.outcome(), item.making(), item.base(), item.takes(), item.doomed(), true);
      steps.to(
          state.with(0, pinned).reader(index, new Actor(step + 1, 0, reader.sawDoomed())),
          "reader %s pins",
          index);
    } else if (looks) {
      steps.to(
          state.reader(index, new Actor(item.doomed() ? 3 : step + 1, 0, item.doomed())),
          "reader %s looks",
          index);
    } else if (step == 2) {
      State done = state.reader(index, new Actor(3, 0, false));
      if (state.piece()) {
        steps.to(done, "reader %s reads", index);
      } else {
        steps.breaks(PruneModel.READ, done, "reader %s reads", index);
      }
    }
  }

  private enum Step {
    DOOM,
    LIST_DOOMED,
    LIST_MAKING,
    LIST_PINS,
    LIST_COMPLETE,
    DELETE
  }

  private List<Step> order() {
    if (setup.has(Flaw.LOOKS_THEN_DOOMS)) {
      return List.of(
          Step.LIST_MAKING,
          Step.LIST_PINS,
          Step.LIST_COMPLETE,
          Step.DOOM,
          Step.LIST_DOOMED,
          Step.DELETE);
    }
    if (setup.has(Flaw.MAKING_BEFORE_DOOMED)) {
      return List.of(
          Step.DOOM,
          Step.LIST_MAKING,
          Step.LIST_PINS,
          Step.LIST_DOOMED,
          Step.LIST_COMPLETE,
          Step.DELETE);
    }
    return List.of(
        Step.DOOM,
        Step.LIST_DOOMED,
        Step.LIST_MAKING,
        Step.LIST_PINS,
        Step.LIST_COMPLETE,
        Step.DELETE);
  }

  private void prune(int index, Pruner pruner) {
    if (pruner.step() >= order().size()) {
      return;
    }
    switch (order().get(pruner.step())) {
      case DOOM -> doom(index, pruner);
      case LIST_DOOMED -> {
        var doomed = each(Item::doomed);
        to(
            index,
            pruner,
            doomed,
            pruner.making(),
            pruner.pinned(),
            pruner.complete(),
            "the doomed");
      }
      case LIST_MAKING ->
          to(
              index,
              pruner,
              pruner.doomed(),
              each(Item::making),
              pruner.pinned(),
              pruner.complete(),
              "what is made");
      case LIST_PINS ->
          to(
              index,
              pruner,
              pruner.doomed(),
              pruner.making(),
              each(Item::pinned),
              pruner.complete(),
              "the pins");
      case LIST_COMPLETE ->
          to(
              index,
              pruner,
              pruner.doomed(),
              pruner.making(),
              pruner.pinned(),
              each(item -> item.outcome() == Outcome.COMPLETE),
              "the complete");
      case DELETE -> delete(index, pruner);
    }
  }

  private List<Boolean> each(Predicate<Item> test) {
    return state.items().stream().map(test::test).toList();
  }

  private void to(
      int index,
      Pruner pruner,
      List<Boolean> doomed,
      List<Boolean> making,
      List<Boolean> pinned,
      List<Boolean> complete,
      String what) {
    var next = new Pruner(pruner.step() + 1, doomed, making, pinned, complete);
    steps.to(state.pruner(index, next), "pruner %s lists %s", index, what);
  }

  /// It may doom any complete checkpoint, as an operator may.
  private void doom(int index, Pruner pruner) {
    Pruner next = pruner.next();
    for (int i = 0; i < state.items().size(); i++) {
      Item item = item(i);
      if (item.outcome() == Outcome.COMPLETE && !item.doomed()) {
        var doomed =
            new Item(item.outcome(), item.making(), item.base(), item.takes(), true, item.pinned());
        steps.to(state.with(i, doomed).pruner(index, next), "pruner %s dooms %s", index, i);
      }
    }
    steps.to(state.pruner(index, next), "pruner %s dooms none", index);
  }

  private void delete(int index, Pruner pruner) {
    Pruner done = pruner.next();
    boolean isHeld = false;
    for (int i = 0; i < state.items().size(); i++) {
      isHeld |= isHeld(pruner, i);
    }
    State next = state.pruner(index, done);
    steps.to(
        isHeld ? next : next.withoutPiece(),
        isHeld ? "pruner %s finds the piece held" : "pruner %s deletes the piece",
        index);
  }

  /// Whether a checkpoint that the lists show holds the piece. Notes never change, so that what a
  /// listed one says is read as it is now.
  private boolean isHeld(Pruner pruner, int index) {
    if (!pruner.complete().get(index) || !item(index).takes()) {
      return false;
    }
    return !pruner.doomed().get(index) || pruner.pinned().get(index) || isBase(pruner, index);
  }

  private boolean isBase(Pruner pruner, int index) {
    if (setup.has(Flaw.NO_BASES)) {
      return false;
    }
    for (int i = 1; i < state.items().size(); i++) {
      if (pruner.making().get(i) && !pruner.complete().get(i) && item(i).base() == index) {
        return true;
      }
    }
    return false;
  }
}
