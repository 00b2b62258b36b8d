package io.tidemark.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One seeded world: its threads are virtual, run one at a time on one carrier thread, and the seed
/// decides which goes on next. Time passes by a microsecond with each step, and jumps to the next
/// alarm when no thread can go on.
///
/// ```text
///   runnable ── the seed picks one ──▶ it runs until it parks, yields or ends
///       ^                                       │ unparks others, sets alarms, sends messages
///       └──── alarms, when time has come ◀──────┘
/// ```
///
/// Locks, conditions, queues and futures go through it without knowing. Timed parks do not: they
/// wake by the machine's clock, on another thread, and so does a thread that waited for a monitor.
/// The world notices when a thread is woken from outside and fails, and so it does when a thread
/// waited for a monitor. What runs in a world must therefore not use monitors that threads outside
/// of it use too, such as that of the JDK's cleaners of direct buffers, which the collector's own
/// thread takes after a collection.
final class SimWorld {
  /// What a step takes.
  private static final long STEP_NANOS = 1_000;

  /// When the world begins, in milliseconds since 1970.
  static final long EPOCH_MILLIS = 1_700_000_000_000L;

  /// A world that takes longer in the machine's time has a thread that blocks the carrier.
  private static final Duration CARRIER_LIMIT = Duration.ofMinutes(3);

  /// A thread that can go on.
  record Step(SimNode node, int incarnation, int thread, Runnable resume) {
    boolean isAlive() {
      return node.isAlive(incarnation);
    }
  }

  /// Something to do when the time has come, on the carrier itself: it must not block.
  private record Alarm(long nanos, long number, Runnable action) implements Comparable<Alarm> {
    @Override
    public int compareTo(Alarm other) {
      return nanos == other.nanos
          ? Long.compare(number, other.number)
          : Long.compare(nanos, other.nanos);
    }
  }

  private record Living(SimNode node, Thread thread) {}

  private final long seed;
  private final Trace trace;
  private final SimRandom yields;
  private final java.util.SplittableRandom picks;
  private final int yieldPercent;
  private final ArrayList<Step> runnable = new ArrayList<>();
  private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
  private final Map<String, SimNode> nodes = new TreeMap<>();
  private final Map<Integer, Living> threads = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final SimNode director;

  private long nowNanos;
  private long steps;
  private long alarmNumber;
  private int threadNumber;
  private @Nullable Step current;
  private volatile @Nullable Thread carrier;
  private volatile @Nullable String intruder;

  /// A world without nodes.
  ///
  /// @param yieldPercent how often, of a hundred, a thread lets others go first at a place where it
  ///   may
  SimWorld(long seed, Trace trace, int yieldPercent) {
    this.seed = seed;
    this.trace = trace;
    this.yieldPercent = yieldPercent;
    this.picks = new java.util.SplittableRandom(Trace.mix(seed, 0x5eed));
    this.yields = random("yields");
    this.director = node("director");
  }

  Trace trace() {
    return trace;
  }

  long nowNanos() {
    return nowNanos;
  }

  long steps() {
    return steps;
  }

  /// Numbers for the part of the world with this name.
  SimRandom random(String name) {
    return new SimRandom(seed, name, trace);
  }

  /// The node with this name, which is made if it is not there.
  SimNode node(String name) {
    SimNode known = nodes.get(name);
    if (known == null) {
      known = new SimNode(this, name, nodes.size());
      nodes.put(name, known);
    }
    return known;
  }

  /// The node that never fails; the plot of a simulation runs on it.
  SimNode director() {
    return director;
  }

  /// What no part of the product should ever do, such as to let an exception escape.
  void problem(String what) {
    problems.add(what);
  }

  List<String> problems() {
    return problems;
  }

  /// Runs the world until `plot`, on the director, ends.
  ///
  /// @param timeMax the most time that may pass in the world
  /// @param stepsMax the most steps
  void run(Duration timeMax, long stepsMax, Runnable plot) {
    var world = new FutureTask<@Nullable Void>(() -> loop(timeMax.toNanos(), stepsMax, plot), null);
    var thread = new Thread(world, "sim-carrier-" + seed);
    thread.setDaemon(true);
    carrier = thread;
    thread.start();
    try {
      world.get(CARRIER_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException _) {
      var stack = new StringBuilder("the carrier does not come back; it is at");
      for (StackTraceElement frame : thread.getStackTrace()) {
        stack.append("\n    ").append(frame);
      }
      throw new StuckWorldException(stack + describeThreads());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private void loop(long nanosMax, long stepsMax, Runnable plot) {
    var done = new boolean[1];
    director.spawn(
        "plot",
        () -> {
          try {
            plot.run();
          } finally {
            done[0] = true;
          }
        });
    while (!done[0]) {
      fireDueAlarms();
      if (!runnable.isEmpty()) {
        step();
      } else if (!alarms.isEmpty()) {
        nowNanos = Math.max(nowNanos, alarms.peek().nanos);
        trace.add(Trace.Kind.TIME, nowNanos, 0);
      } else {
        throw new StuckWorldException(
            "no thread can go on and no alarm is set" + describeThreads());
      }
      if (intruder != null) {
        throw new IntrudedWorldException(intruder);
      }
      if (nowNanos > nanosMax || steps > stepsMax) {
        throw new StuckWorldException(
            "the world goes on after "
                + steps
                + " steps and "
                + nowNanos / 1_000_000
                + " ms"
                + describeThreads());
      }
    }
  }

  private void fireDueAlarms() {
    Alarm next;
    while ((next = alarms.peek()) != null && next.nanos <= nowNanos) {
      alarms.remove();
      next.action.run();
    }
  }

  private void step() {
    int index = picks.nextInt(runnable.size());
    Step chosen = runnable.get(index);
    Step last = runnable.removeLast();
    if (index < runnable.size()) {
      runnable.set(index, last);
    }
    trace.add(Trace.Kind.STEP, chosen.thread, chosen.node.number());
    steps++;
    nowNanos += STEP_NANOS;
    current = chosen;
    chosen.resume.run();
    current = null;
    Living living = threads.get(chosen.thread);
    if (living != null && living.thread.getState() == Thread.State.BLOCKED) {
      // Whoever lets it go on does so on a thread of the JDK's, at a time of its own.
      intrude(chosen, "waits for a monitor");
    }
  }

  private void intrude(Step step, String how) {
    Living living = threads.get(step.thread);
    if (intruder == null && living != null) {
      // The world is over; to look at a thread stops it and lets it go on through the scheduler.
      intruder = how;
      intruder = living.thread.getName() + " " + how + Monitors.describe(living.thread);
    }
  }

  /// Whether the thread that runs now is one of this node's.
  boolean runsOn(SimNode node) {
    return current != null && current.node == node;
  }

  /// Lets other threads go first now and then. Call it only where no monitor is held.
  // The scheduler that is relied on is this one.
  @SuppressWarnings("ThreadPriorityCheck")
  void mayYield() {
    if (yieldPercent > 0 && Thread.currentThread().isVirtual() && yields.percent(yieldPercent)) {
      Thread.yield();
    }
  }

  /// Does something, on the carrier, `nanos` from now. It must not block.
  void after(long nanos, Runnable action) {
    alarms.add(new Alarm(nowNanos + Math.max(0, nanos), alarmNumber++, action));
  }

  /// Completes `nanos` from now.
  CompletableFuture<Void> delay(long nanos) {
    var over = new CompletableFuture<Void>();
    SimNode.Life life = director.life();
    after(nanos, () -> life.spawn("delay", () -> over.complete(null)));
    return over;
  }

  int nextThread() {
    return ++threadNumber;
  }

  void began(int number, SimNode node, Thread thread) {
    threads.put(number, new Living(node, thread));
  }

  void ended(int number) {
    threads.remove(number);
  }

  /// A thread of a living node can go on.
  void schedule(Step step) {
    if (intruder != null) {
      return;
    }
    Thread current = Thread.currentThread();
    if (!current.equals(carrier) && !current.isVirtual()) {
      intrude(step, "was woken by " + current.getName());
      return;
    }
    Living living = threads.get(step.thread);
    if (living != null && VirtualThreads.waitedForMonitor(living.thread)) {
      intrude(step, "waited for a monitor, if not for long");
    }
    if (step.node.isPaused()) {
      step.node.hold(step);
    } else {
      runnable.add(step);
    }
  }

  /// Takes the threads that can go on and belong to this node out of the world.
  List<Step> withdraw(SimNode node) {
    var withdrawn = new ArrayList<Step>();
    for (Step step : runnable) {
      if (step.node == node) {
        withdrawn.add(step);
      }
    }
    runnable.removeIf(step -> step.node == node);
    return withdrawn;
  }

  /// Forgets the threads of a node that crashed.
  void forget(SimNode node) {
    withdraw(node);
    threads.values().removeIf(living -> living.node == node);
  }

  /// The names of the threads of a node that have not ended.
  List<String> threadsOf(SimNode node) {
    return threads.values().stream()
        .filter(living -> living.node == node)
        .map(living -> "it is left behind: " + living.thread.getName())
        .toList();
  }

  private String describeThreads() {
    var text = new StringBuilder("; the threads of the world:");
    threads.forEach((number, living) -> {
      text.append("\n  ").append(number).append(' ').append(living.thread.getName());
      for (StackTraceElement frame : living.thread.getStackTrace()) {
        text.append("\n      ").append(frame);
      }
    });
    return text.toString();
  }

  /// The world cannot go on, or does not end.
  static class StuckWorldException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StuckWorldException(String what) {
      super(what);
    }
  }

  /// A thread of the world waited for a monitor, or was woken by somebody outside: what the world
  /// does from there on is not for the seed to decide, so this run says nothing. The message names
  /// where it waited and who holds monitors.
  static final class IntrudedWorldException extends StuckWorldException {
    private static final long serialVersionUID = 1;

    IntrudedWorldException(String intruder) {
      super("somebody outside of this world meddled with it: " + intruder);
    }
  }
}
