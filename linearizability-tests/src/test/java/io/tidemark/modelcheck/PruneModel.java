package io.tidemark.modelcheck;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/// Pruning checkpoints while others build on them and read them: nobody loses a piece.
///
/// There are the checkpoint 0, which is complete and has one piece, and checkpoints that makers may
/// make of it, which name its piece, too. A maker writes `making`, looks whether its base is
/// doomed, and publishes; a reader writes a pin, looks, and reads; a pruner writes `doomed`, and
/// then lists what is doomed, what is being made, who reads, and what is complete, each at its own
/// moment, before it deletes the pieces that nobody holds. Each of these is one request, and
/// anybody may sleep between two, or end for ever. No clocks: a pin does not expire here.
record PruneModel(Setup setup) implements Model<PruneModel.State> {
  static final String KEPT = "what a complete checkpoint names that is not doomed is there";
  static final String READ = "who reads what was not doomed when it looked finds the piece";

  /// What a planted flaw does wrong.
  enum Flaw {
    /// The pruner lists who uses what, and then writes that it is doomed.
    LOOKS_THEN_DOOMS,
    /// A maker looks whether its base is doomed, and then writes that it makes.
    LOOKS_THEN_MAKES,
    /// A reader looks, and then writes its pin.
    LOOKS_THEN_PINS,
    /// The pruner lists what is being made before what is doomed.
    MAKING_BEFORE_DOOMED,
    /// The pruner does not mind bases of what is being made.
    NO_BASES
  }

  /// @param makers each makes one checkpoint, of its number and one more, of the newest that it
  ///   sees
  /// @param readers each reads the checkpoint 0
  /// @param pruners each dooms one checkpoint at most, and prunes once
  record Setup(int makers, int readers, int pruners, Set<Flaw> flaws) {
    Setup with(Flaw flaw) {
      return new Setup(makers, readers, pruners, Set.of(flaw));
    }

    boolean has(Flaw flaw) {
      return flaws.contains(flaw);
    }
  }

  /// What becomes of a checkpoint.
  enum Outcome {
    NONE,
    COMPLETE
  }

  /// @param outcome of the checkpoint
  /// @param making whether somebody wrote that he makes it
  /// @param base the checkpoint that the maker's record names
  /// @param takes whether its manifest names the piece
  /// @param doomed whether it may no longer be used
  /// @param pinned whether somebody reads it
  record Item(
      Outcome outcome, boolean making, int base, boolean takes, boolean doomed, boolean pinned) {}

  /// @param step what the process does next
  /// @param base of a maker
  /// @param sawDoomed what it found on looking
  record Actor(int step, int base, boolean sawDoomed) {}

  /// A pruner with what its lists said, for each checkpoint.
  record Pruner(
      int step,
      List<Boolean> doomed,
      List<Boolean> making,
      List<Boolean> pinned,
      List<Boolean> complete) {
    Pruner next() {
      return new Pruner(step + 1, doomed, making, pinned, complete);
    }
  }

  /// @param piece whether the piece is in the store
  record State(
      List<Item> items,
      boolean piece,
      List<Actor> makers,
      List<Actor> readers,
      List<Pruner> pruners) {
    State with(int item, Item changed) {
      return new State(Lists.with(items, item, changed), piece, makers, readers, pruners);
    }

    State maker(int index, Actor maker) {
      return new State(items, piece, Lists.with(makers, index, maker), readers, pruners);
    }

    State reader(int index, Actor reader) {
      return new State(items, piece, makers, Lists.with(readers, index, reader), pruners);
    }

    State pruner(int index, Pruner pruner) {
      return new State(items, piece, makers, readers, Lists.with(pruners, index, pruner));
    }

    State withoutPiece() {
      return new State(items, false, makers, readers, pruners);
    }
  }

  @Override
  public List<State> initial() {
    int count = setup.makers + 1;
    var items = new ArrayList<Item>();
    items.add(new Item(Outcome.COMPLETE, true, 0, true, false, false));
    for (int i = 1; i < count; i++) {
      items.add(new Item(Outcome.NONE, false, 0, false, false, false));
    }
    var nobody = Collections.nCopies(count, false);
    var begin = new Actor(0, 0, false);
    return List.of(
        new State(
            List.copyOf(items),
            true,
            Collections.nCopies(setup.makers, begin),
            Collections.nCopies(setup.readers, begin),
            Collections.nCopies(setup.pruners, new Pruner(0, nobody, nobody, nobody, nobody))));
  }

  @Override
  public List<Rule<State>> rules() {
    return List.of(
        new Rule<>(
            KEPT,
            state ->
                state.piece
                    || state.items.stream()
                        .noneMatch(item ->
                            item.outcome == Outcome.COMPLETE && item.takes && !item.doomed)));
  }

  @Override
  public void steps(State state, Steps<State> steps) {
    new PruneSteps(setup, state, steps).offer();
  }
}
