package io.tidemark.modelcheck;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Several writers, each with several slots in flight, fences and seals between them.
///
/// Slots are put if absent, and what was sent may land at any later time. A body says how much of
/// the log its writer knew: `since` is the first slot whose content it did not know when it sent
/// the body. The body is *valid* if each slot from `since` up to its own holds what its writer sent
/// there: the same writer's batches with consecutive numbers. So a valid body's writer knew all
/// that stands below it, and whatever it decided on that, it decided rightly. All other bodies are
/// void, alike for every reader, wherever it begins.
///
/// A writer acknowledges in the order of slots. When it finds somebody else's body in a slot it
/// sends nothing more until each slot it has in flight holds something; it then sends again, in
/// order, what it lost and what is void.
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
  static final String TOO_LATE = "no append that began after the fence is acknowledged";

  /// What a planted flaw does wrong.
  enum Flaw {
    /// All that stands in a slot counts.
    NOTHING_IS_VOID,
    /// Void unless the writer's previous valid batch has the number before; a reader that begins in
    /// the middle takes the first it meets.
    LAST_VALID_NUMBER,
    /// A reader that begins in the middle takes what it does not see for good.
    NO_LOOKING_BACK,
    /// Acknowledges as soon as the slot is its own.
    ACKNOWLEDGES_AT_ONCE,
    /// Sends again at once what was lost, behind slots it does not know.
    DOES_NOT_DRAIN,
    /// Sends again to another slot what may yet land.
    MOVES_UNSEEN,
    /// A reader goes on behind a hole.
    SKIPS_HOLES,
    /// Looks at the fence when it opens the log, and never again.
    FENCE_CHECKED_AT_OPEN,
    /// Learns that slots exist and not what they say.
    SEAL_UNREAD
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

  /// @param ops what each writer appends, in order; numbers count from 1
  /// @param flightMax how many slots a writer may have in flight
  record Setup(
      List<List<Op>> ops, int slots, int flightMax, boolean hasReader, @Nullable Flaw flaw) {
    Setup with(Flaw planted) {
      return new Setup(ops, slots, flightMax, hasReader, planted);
    }
  }

  /// What stands in a slot; `writer` is -1 where nothing does.
  record Body(int writer, int number, int since) {
    static final Body NONE = new Body(-1, 0, 0);

    boolean isNone() {
      return writer < 0;
    }

    boolean isBefore(Body other, int slots) {
      return writer == other.writer && number == other.number - slots;
    }
  }

  record Put(int slot, Body body) {}

  /// @param known slots below are known to it
  /// @param next the number it sends next
  /// @param flight what it sent to the slots from `known` on
  /// @param drains whether one of these was lost
  record Writer(boolean isAlive, int known, int next, List<Body> flight, boolean drains) {}

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

    int told(int writer, int number) {
      return told.get(writer).get(number - 1);
    }

    State tell(int writer, int number, int what) {
      var mine = Lists.with(told.get(writer), number - 1, what);
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
    return setup.ops.get(body.writer).get(body.number - 1);
  }

  boolean has(Flaw flaw) {
    return setup.flaw == flaw;
  }

  @Override
  public List<State> initial() {
    var writers = new ArrayList<Writer>();
    var told = new ArrayList<List<Integer>>();
    for (var ops : setup.ops) {
      writers.add(new Writer(true, 0, 1, List.of(), false));
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

  /// Which of the slots below the tail are valid for a reader that begins at `from`.
  List<Boolean> valid(List<Body> slots, int tail, int from) {
    if (has(Flaw.LAST_VALID_NUMBER)) {
      return validByLastNumber(slots, tail, from);
    }
    var valid = new ArrayList<Boolean>();
    for (int slot = from; slot < tail; slot++) {
      valid.add(has(Flaw.NOTHING_IS_VOID) || isValid(slots, slot, from));
    }
    return valid;
  }

  private boolean isValid(List<Body> slots, int slot, int from) {
    Body body = slots.get(slot);
    int first = has(Flaw.NO_LOOKING_BACK) ? Math.max(from, body.since) : body.since;
    return IntStream.range(first, slot)
        .allMatch(before -> slots.get(before).isBefore(body, slot - before));
  }

  private List<Boolean> validByLastNumber(List<Body> slots, int tail, int from) {
    int unseen = from == 0 ? 0 : -1;
    var last = new ArrayList<>(Collections.nCopies(setup.ops.size(), unseen));
    var valid = new ArrayList<Boolean>();
    for (int slot = from; slot < tail; slot++) {
      Body body = slots.get(slot);
      int previous = last.get(body.writer);
      boolean isNext = previous < 0 || previous == body.number - 1;
      valid.add(isNext);
      if (isNext) {
        last.set(body.writer, body.number);
      }
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
                    .noneMatch(body -> state.told(body.writer, body.number) == WAS_REFUSED)),
        new Rule<>(ALIKE, this::isAlike),
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
    var valid = valid(state.slots, state.tail(), 0);
    return IntStream.range(0, valid.size())
        .filter(valid::get)
        .mapToObj(state.slots::get)
        .map(body -> new Body(body.writer, body.number, 0))
        .toList();
  }

  private boolean isKept(State state) {
    var valid = valid(state.slots, state.tail(), 0);
    for (int writer = 0; writer < state.told.size(); writer++) {
      for (int number = 1; number <= state.told.get(writer).size(); number++) {
        int slot = state.told(writer, number);
        if (slot >= 0 && (slot >= valid.size() || !valid.get(slot))) {
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
                        && earlier.number > bodies.get(later).number));
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

  private boolean isAlike(State state) {
    int tail = state.tail();
    var all = valid(state.slots, tail, 0);
    return IntStream.range(1, Math.max(1, tail))
        .allMatch(from ->
            valid(state.slots, tail, from).equals(all.subList(from, tail))
                && state.slots.get(from).since > from - setup.flightMax);
  }

  private boolean isSeen(State state) {
    return state.readers.stream()
        .allMatch(reader ->
            state.told.stream()
                .flatMap(List::stream)
                .allMatch(slot -> slot < 0 || slot >= reader.slot || reader.seen.contains(slot)));
  }
}
