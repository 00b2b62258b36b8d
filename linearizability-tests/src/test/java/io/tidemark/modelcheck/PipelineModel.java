package io.tidemark.modelcheck;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Several writers, each with several slots in flight, fences and seals between them.
///
/// Slots are put if absent, and what was sent may land at any later time. Slots that are sent
/// before the first is decided form a *chain*. A body names the slot at which its chain begins, its
/// `base`, and a number that its writer gives to no other body. It *counts* if it begins its chain,
/// or if the slot before holds the same writer's body with the number before and the same base, and
/// that one counts. All others are void, alike for every reader, wherever it begins. Whoever begins
/// a chain has read every slot before.
///
/// A writer acknowledges in the order of slots. When it sees somebody else's body in a slot that it
/// has in flight it abandons that one and all behind: they are void, whatever becomes of their
/// requests. It waits until those before are decided, reads on, and begins a new chain, maybe in a
/// slot to which it has an abandoned body under way. It does the same when the store refuses a
/// request for good, but that is told as not appended.
///
/// A trim point begins a chain. That is looked at in every state: the log is cut at each slot at
/// which it may be, and must be the same log for who begins there or further on.
record PipelineModel(Setup setup) implements Model<PipelineModel.State> {
  static final String ONCE = "an append is valid at most once";
  static final String KEPT = "what is acknowledged is valid at its slot, and all slots below exist";
  static final String REFUSED = "what is refused is never valid";
  static final String IN_ORDER = "appends of one writer are valid in their order";
  static final String FENCED = "after a fence nothing with another token is valid";
  static final String SEALED = "after a seal nothing is valid";
  static final String ALIKE = "a reader that begins anywhere finds the same valid";
  static final String TAIL = "a tail check is beyond all acknowledged before it began";
  static final String SEEN = "a reader has seen what is acknowledged below its position";
  static final String BELOW_BASE = "below the base of a slot that exists no slot is missing";
  static final String GROUND = "from any slot that exists a newcomer finds firm ground";
  static final String TOO_LATE = "no append that began after the fence is acknowledged";

  /// What a planted flaw does wrong.
  enum Flaw {
    /// All that stands in a slot counts.
    NOTHING_IS_VOID,
    /// A reader that begins in the middle takes what it does not see for good.
    NO_LOOKING_BACK,
    /// A reader that begins in the middle looks at once at the base of what it finds.
    LOOKS_AT_BASE,
    /// Acknowledges as soon as the slot is its own, though one before it is undecided.
    ACKNOWLEDGES_AT_ONCE,
    /// Goes on with its chain behind what it abandoned: the numbers have a gap.
    CHAIN_WITH_GAP,
    /// Begins a new chain in the slot it lost, though one before it is undecided.
    BEGINS_BEHIND_UNDECIDED,
    /// Begins a new chain behind all that it abandoned, without reading what is there.
    WALKS_FROM_BEHIND,
    /// Sends again to another slot what may yet land.
    MOVES_UNSEEN,
    /// Takes any body of its own for the one that it sent last to that slot.
    KNOWS_WRITER_ALONE,
    /// A batch keeps its number when it is sent again.
    NUMBER_OF_BATCH,
    /// A refused body's number is given to the next.
    NUMBER_AGAIN,
    /// Believes a refusal though an attempt before is undecided.
    REFUSAL_DECIDES,
    /// A fence flies with others, and what follows is judged without it.
    FENCE_NOT_ALONE,
    /// A reader goes on behind a hole.
    SKIPS_HOLES,
    /// Looks at the fence when it opens the log, and never again.
    FENCE_CHECKED_AT_OPEN,
    /// Learns that slots exist and not what they say.
    SEAL_UNREAD,
    /// Any slot may be the trim point.
    TRIMS_INSIDE_CHAIN,
    /// A newcomer follows the base of a void body below the trim point.
    GROUND_BELOW_TRIM,
    /// A newcomer takes the base of a slot that exists for a slot that exists.
    BASE_EXISTS
  }

  enum Kind {
    DATA,
    FENCE,
    SEAL
  }

  /// @param token of a batch or a fence; 0 is none, and a fence of none lets everybody write
  record Op(Kind kind, int token) {
    static final Op DATA = new Op(Kind.DATA, 0);
    static final Op SEAL = new Op(Kind.SEAL, 0);
  }

  /// @param ops what each writer appends, in order, counted from 1
  /// @param flightMax how many slots a writer may have in flight
  /// @param chainMax how many slots a chain has at most
  record Setup(
      List<List<Op>> ops,
      int slots,
      int flightMax,
      int chainMax,
      boolean hasReader,
      @Nullable Flaw flaw) {
    Setup with(Flaw planted) {
      return new Setup(ops, slots, flightMax, chainMax, hasReader, planted);
    }
  }

  /// What stands in a slot; `writer` is -1 where nothing does.
  ///
  /// @param number counts what the writer made
  /// @param op which of its appends it holds
  record Body(int writer, int number, int base, int op) {
    static final Body NONE = new Body(-1, 0, 0, 0);

    boolean isNone() {
      return writer < 0;
    }

    boolean isBefore(Body other) {
      return writer == other.writer && number == other.number - 1 && base == other.base;
    }
  }

  record Put(int slot, Body body) {}

  /// @param known slots below are known to it
  /// @param made how many bodies it has made
  /// @param next the append it sends next
  /// @param flight what it sent to the slots from `known` on and did not abandon
  record Writer(boolean isAlive, int known, int made, int next, List<Body> flight) {}

  /// @param reach what its tail check must reach, or -1 while there is none
  record Reader(int slot, List<Integer> seen, int reach) {
    static final int NONE = -1;
  }

  /// What the caller of an append was told: the slot, or one of these.
  static final int NOTHING = -1;

  static final int UNKNOWN = -2;
  static final int WAS_REFUSED = -3;

  /// Nothing, and it began when a fence against it was acknowledged.
  static final int BEGAN_LATE = -4;

  record State(
      List<Body> slots,
      List<Put> sent,
      List<Writer> writers,
      List<List<Integer>> told,
      List<Reader> readers) {
    int tail() {
      int none = slots.indexOf(Body.NONE);
      return none < 0 ? slots.size() : none;
    }

    int told(int writer, int op) {
      return told.get(writer).get(op - 1);
    }

    State tell(int writer, int op, int what) {
      var mine = Lists.with(told.get(writer), op - 1, what);
      return new State(slots, sent, writers, Lists.with(told, writer, mine), readers);
    }

    State with(int index, Writer writer) {
      return new State(slots, sent, Lists.with(writers, index, writer), told, readers);
    }

    State with(Reader reader) {
      return new State(slots, sent, writers, told, List.of(reader));
    }

    State sends(Put put) {
      return new State(slots, Lists.plus(sent, put), writers, told, readers);
    }

    State loses(Put put) {
      var rest = sent.stream().filter(each -> !each.equals(put)).toList();
      return new State(slots, rest, writers, told, readers);
    }

    State lands(Put put) {
      var rest = sent.stream().filter(each -> each.slot != put.slot).toList();
      return new State(Lists.with(slots, put.slot, put.body), rest, writers, told, readers);
    }

    /// The first slot beyond all acknowledged appends.
    int acknowledged() {
      return 1
          + told.stream()
              .flatMap(List::stream)
              .mapToInt(slot -> Math.max(slot, -1))
              .max()
              .orElse(-1);
    }
  }

  Op op(Body body) {
    return setup.ops.get(body.writer).get(body.op - 1);
  }

  boolean has(Flaw flaw) {
    return setup.flaw == flaw;
  }

  @Override
  public List<State> initial() {
    var writers = new ArrayList<Writer>();
    var told = new ArrayList<List<Integer>>();
    for (var ops : setup.ops) {
      writers.add(new Writer(true, 0, 0, 1, List.of()));
      told.add(Collections.nCopies(ops.size(), NOTHING));
    }
    var readers =
        setup.hasReader ? List.of(new Reader(0, List.of(), Reader.NONE)) : List.<Reader>of();
    return List.of(
        new State(Collections.nCopies(setup.slots, Body.NONE), List.of(), writers, told, readers));
  }

  @Override
  public void steps(State state, Steps<State> steps) {
    new PipelineSteps(this, state, steps).offer();
  }

  /// Which of the slots below `end` count.
  List<Boolean> valid(List<Body> slots, int end) {
    var valid = new ArrayList<Boolean>();
    for (int slot = 0; slot < end; slot++) {
      Body body = slots.get(slot);
      valid.add(
          has(Flaw.NOTHING_IS_VOID)
              || body.base == slot
              || (slot > 0 && valid.get(slot - 1) && slots.get(slot - 1).isBefore(body)));
    }
    return valid;
  }

  @Override
  public List<Rule<State>> rules() {
    return List.of(
        new Rule<>(KEPT, this::isKept),
        onValid(ONCE, bodies -> bodies.stream().distinct().count() == bodies.size()),
        onValid(IN_ORDER, PipelineModel::isInOrder),
        onValid(FENCED, this::isFenced),
        onValid(
            SEALED,
            bodies ->
                bodies.subList(0, bodies.size() - 1).stream()
                    .noneMatch(body -> op(body).kind == Kind.SEAL)),
        new Rule<>(
            REFUSED,
            state ->
                validBodies(state).stream()
                    .noneMatch(body -> state.told(body.writer, body.op) == WAS_REFUSED)),
        new Rule<>(
            BELOW_BASE,
            state ->
                state.slots.stream().allMatch(body -> body.isNone() || body.base <= state.tail())),
        new Rule<>(ALIKE, this::isAlike),
        new Rule<>(GROUND, this::hasGround),
        new Rule<>(SEEN, this::isSeen));
  }

  /// A rule about the valid bodies in their order, without what their writers knew.
  private Rule<State> onValid(String text, Predicate<List<Body>> holds) {
    return new Rule<>(
        text,
        state -> {
          var bodies = validBodies(state);
          return bodies.isEmpty() || holds.test(bodies);
        });
  }

  private List<Body> validBodies(State state) {
    var valid = valid(state.slots, state.tail());
    return IntStream.range(0, valid.size())
        .filter(valid::get)
        .mapToObj(state.slots::get)
        .map(body -> new Body(body.writer, 0, 0, body.op))
        .toList();
  }

  private boolean isKept(State state) {
    var valid = valid(state.slots, state.tail());
    for (int writer = 0; writer < state.told.size(); writer++) {
      for (int op = 1; op <= state.told.get(writer).size(); op++) {
        int slot = state.told(writer, op);
        if (slot >= 0
            && (slot >= valid.size()
                || !valid.get(slot)
                || state.slots.get(slot).writer != writer
                || state.slots.get(slot).op != op)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isInOrder(List<Body> bodies) {
    return IntStream.range(0, bodies.size())
        .allMatch(later ->
            bodies.subList(0, later).stream()
                .noneMatch(earlier ->
                    earlier.writer == bodies.get(later).writer
                        && earlier.op > bodies.get(later).op));
  }

  private boolean isFenced(List<Body> bodies) {
    int fence = 0;
    for (Body body : bodies) {
      Op op = op(body);
      if (op.kind == Kind.FENCE) {
        fence = op.token;
      } else if (op.kind == Kind.DATA && fence != 0 && op.token != fence) {
        return false;
      }
    }
    return true;
  }

  /// Where the log may begin.
  private List<Integer> trimPoints(State state) {
    return IntStream.range(0, Math.max(1, state.tail()))
        .filter(
            slot -> slot == 0 || has(Flaw.TRIMS_INSIDE_CHAIN) || state.slots.get(slot).base == slot)
        .boxed()
        .toList();
  }

  private boolean isAlike(State state) {
    var all = valid(state.slots, state.tail());
    return trimPoints(state).stream()
        .allMatch(trim ->
            IntStream.range(trim, all.size())
                .allMatch(slot -> isJudged(state.slots, slot, trim, all.get(slot))));
  }

  /// Whether who begins at this slot, in a log that begins at `trim`, judges it so: going down from
  /// slot to slot while each is the one before in the same chain.
  private boolean isJudged(List<Body> slots, int from, int trim, boolean valid) {
    Body first = slots.get(from);
    if (has(Flaw.NOTHING_IS_VOID) || has(Flaw.NO_LOOKING_BACK)) {
      return valid;
    }
    if (has(Flaw.LOOKS_AT_BASE) && first.base < trim) {
      return false;
    }
    int slot = from;
    while (slots.get(slot).base != slot) {
      if (slot == trim) {
        return false;
      }
      if (!slots.get(slot - 1).isBefore(slots.get(slot))) {
        return !valid;
      }
      slot--;
    }
    return valid;
  }

  private boolean hasGround(State state) {
    var all = valid(state.slots, state.tail());
    return all.isEmpty()
        || trimPoints(state).stream()
            .allMatch(trim ->
                IntStream.range(trim, state.slots.size())
                    .filter(slot -> !state.slots.get(slot).isNone())
                    .map(slot -> ground(state.slots, slot, trim))
                    .allMatch(ground ->
                        ground >= trim
                            && ground < all.size()
                            && IntStream.range(ground, all.size())
                                .allMatch(
                                    slot -> isJudged(state.slots, slot, ground, all.get(slot)))));
  }

  /// Where a newcomer begins to walk that met this slot, or -1 if it finds no such place. Where the
  /// base of a slot does not exist, the slot before the base does.
  private int ground(List<Body> slots, int met, int trim) {
    int slot = met;
    while (slot > trim && slots.get(slot).base != slot) {
      slot = slots.get(slot).base;
      if (slot < trim && has(Flaw.GROUND_BELOW_TRIM)) {
        return -1;
      }
      if (slot > trim && slots.get(slot).isNone()) {
        if (has(Flaw.BASE_EXISTS)) {
          return -1;
        }
        slot--;
      }
    }
    return Math.max(slot, trim);
  }

  private boolean isSeen(State state) {
    return state.readers.stream()
        .allMatch(reader ->
            state.told.stream()
                .flatMap(List::stream)
                .allMatch(slot -> slot < 0 || slot >= reader.slot || reader.seen.contains(slot)));
  }
}
