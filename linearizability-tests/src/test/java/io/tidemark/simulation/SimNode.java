package io.tidemark.simulation;

import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import io.tidemark.simulation.SimWorld.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/// A machine of the world. It lives, may crash at any step, and lives again: what a life has begun
/// never goes on in the next.
final class SimNode {
  private final SimWorld world;
  private final String name;
  private final int number;
  private final List<Step> held = new ArrayList<>();
  private final List<Runnable> onCrash = new ArrayList<>();

  private int incarnation;
  private boolean alive = true;
  private boolean paused;
  private Life life;

  // The wall clock: an offset that jumps, and how much faster than the world it runs.
  private long wallOffsetMillis;
  private double wallDrift;

  SimNode(SimWorld world, String name, int number) {
    this.world = world;
    this.name = name;
    this.number = number;
    this.life = new Life(0);
  }

  String name() {
    return name;
  }

  int number() {
    return number;
  }

  SimWorld world() {
    return world;
  }

  boolean isAlive() {
    return alive;
  }

  boolean isPaused() {
    return paused;
  }

  boolean isAlive(int ofIncarnation) {
    return alive && incarnation == ofIncarnation;
  }

  /// The life of now.
  Life life() {
    return life;
  }

  /// Begins a thread of this life.
  void spawn(String what, Runnable task) {
    life.spawn(what, task);
  }

  /// Stops everything on the node for good, wherever it is. Called by a thread of the node itself,
  /// it never returns.
  void crash() {
    if (!alive) {
      return;
    }
    world.trace().add(Trace.Kind.NODE, number, 0);
    alive = false;
    paused = false;
    held.clear();
    world.forget(this);
    var actions = List.copyOf(onCrash);
    onCrash.clear();
    actions.forEach(Runnable::run);
    if (world.runsOn(this)) {
      while (true) {
        LockSupport.park();
      }
    }
  }

  /// What else happens when the node crashes during this life, on the spot.
  void onCrash(Runnable action) {
    onCrash.add(action);
  }

  /// Lives again after a crash.
  void restart() {
    world.trace().add(Trace.Kind.NODE, number, 1);
    alive = true;
    incarnation++;
    life = new Life(incarnation);
  }

  /// Stops the node's threads, while time goes on.
  void pause() {
    if (alive && !paused) {
      world.trace().add(Trace.Kind.NODE, number, 2);
      paused = true;
      held.addAll(world.withdraw(this));
    }
  }

  /// Lets the node's threads go on.
  void resume() {
    if (paused) {
      world.trace().add(Trace.Kind.NODE, number, 3);
      paused = false;
      var going = List.copyOf(held);
      held.clear();
      going.forEach(world::schedule);
    }
  }

  void hold(Step step) {
    held.add(step);
  }

  /// Sets the wall clock: this far from the world's, and this much faster from now on.
  void setWallClock(long offsetMillis, double drift) {
    wallOffsetMillis = offsetMillis;
    wallDrift = drift;
  }

  /// The node's clocks.
  Clock clock() {
    return new Clock() {
      @Override
      public long nanoTime() {
        return world.nowNanos();
      }

      @Override
      public long wallMillis() {
        long passed = world.nowNanos() / 1_000_000;
        return SimWorld.EPOCH_MILLIS + passed + (long) (passed * wallDrift) + wallOffsetMillis;
      }
    };
  }

  @Override
  public String toString() {
    return name + "#" + incarnation;
  }

  /// From a start to the next crash: the seams that what runs on the node is given.
  final class Life implements Executor, ThreadFactory {
    private final int of;

    private Life(int of) {
      this.of = of;
    }

    SimNode node() {
      return SimNode.this;
    }

    boolean isOver() {
      return !isAlive(of);
    }

    void spawn(String what, Runnable task) {
      if (!isOver()) {
        thread(what, task).start();
      }
    }

    private Thread thread(String what, Runnable task) {
      int thread = world.nextThread();
      Runnable guarded =
          () -> {
            try {
              task.run();
            } catch (Throwable escaped) {
              world.problem(SimNode.this + ", " + what + ": " + Failures.describe(escaped));
            } finally {
              world.ended(thread);
            }
          };
      Executor scheduler =
          resume -> {
            if (!isOver()) {
              world.schedule(new Step(SimNode.this, of, thread, resume));
            }
          };
      Thread made =
          VirtualThreads.create(scheduler, SimNode.this.name + "#" + of + "/" + what, guarded);
      world.began(thread, SimNode.this, made);
      return made;
    }

    @Override
    public Thread newThread(Runnable task) {
      return thread("thread", task);
    }

    @Override
    public void execute(Runnable task) {
      spawn("executor", task);
    }

    /// Timers of this life.
    Timers timers() {
      return new LifeTimers();
    }

    /// Begins a thread after this long, while the life lasts.
    void after(long nanos, Runnable task) {
      world.after(nanos, () -> spawn("later", task));
    }

    /// Completes after this long, while the life lasts.
    CompletableFuture<Void> delay(long nanos) {
      var over = new CompletableFuture<Void>();
      world.after(nanos, () -> spawn("delay", () -> over.complete(null)));
      return over;
    }

    /// Waits for so long.
    void sleep(Duration duration) {
      delay(duration.toNanos()).join();
    }

    void sleepNanos(long nanos) {
      delay(nanos).join();
    }

    private final class LifeTimers implements Timers {
      private boolean closed;

      @Override
      public Timer after(Duration delay, Runnable task) {
        var dropped = new boolean[1];
        world.after(
            delay.toNanos(),
            () -> {
              if (!dropped[0] && !closed) {
                spawn(
                    "timer",
                    () -> {
                      if (!dropped[0] && !closed) {
                        task.run();
                      }
                    });
              }
            });
        return () -> dropped[0] = true;
      }

      @Override
      public void close() {
        closed = true;
      }
    }
  }
}
