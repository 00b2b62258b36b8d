package io.tidemark.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.simulation.SimWorld.StuckWorldException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class SimWorldTest {
  @Test
  void theSameSeedGivesTheSameOrderAndAnotherSeedAnother() {
    var orders = new HashSet<List<Integer>>();
    var hashes = new HashSet<Long>();
    for (long seed = 0; seed < 10; seed++) {
      List<Integer> order = orderOfTwelveThreads(seed, hashes);
      assertThat(orderOfTwelveThreads(seed, hashes)).isEqualTo(order);
      orders.add(order);
    }
    assertThat(orders).hasSize(10);
    assertThat(hashes).hasSize(10);
  }

  private static List<Integer> orderOfTwelveThreads(long seed, Set<Long> hashes) {
    var world = world(seed);
    var order = new ArrayList<Integer>();
    run(
        world,
        () -> {
          SimNode node = world.node("one");
          for (int i = 0; i < 12; i++) {
            int number = i;
            node.spawn("thread", () -> order.add(number));
          }
          world.director().life().sleep(Duration.ofSeconds(1));
        });
    hashes.add(world.trace().hash());
    return order;
  }

  @Test
  void timePassesOnlyWhenNobodyCanGoOn() {
    var world = world(1);
    run(
        world,
        () -> {
          world.director().life().sleep(Duration.ofHours(1));
          assertThat(world.nowNanos()).isBetween(3_600_000_000_000L, 3_600_000_100_000L);
        });
    assertThat(world.problems()).isEmpty();
  }

  @Test
  void aCrashEndsEveryThreadOfTheNodeWhereverItIs() {
    var world = world(2);
    var seen = new ArrayList<String>();
    run(
        world,
        () -> {
          SimNode node = world.node("one");
          var never = new CompletableFuture<String>();
          node.spawn("waits", () -> seen.add(never.join()));
          node.life().timers().after(Duration.ofMillis(5), () -> seen.add("timer"));
          node.spawn(
              "crashes",
              () -> {
                node.crash();
                seen.add("went on");
              });
          world.director().life().sleep(Duration.ofMillis(1));
          assertThat(node.isAlive()).isFalse();
          node.restart();
          never.complete("woken after the crash");
          node.spawn("new life", () -> seen.add("new life"));
          world.director().life().sleep(Duration.ofMillis(10));
        });
    assertThat(seen).containsExactly("new life");
  }

  @Test
  void aPausedNodeGoesOnWhereItWasAndMissesNoTimer() {
    var world = world(3);
    var times = new ArrayList<Long>();
    run(
        world,
        () -> {
          SimNode node = world.node("one");
          node.life().timers().after(Duration.ofMillis(5), () -> times.add(world.nowNanos()));
          node.pause();
          world.director().life().sleep(Duration.ofMillis(50));
          assertThat(times).isEmpty();
          node.resume();
          world.director().life().sleep(Duration.ofMillis(1));
        });
    assertThat(times).hasSize(1).allMatch(nanos -> nanos >= 50_000_000);
  }

  @Test
  void locksQueuesAndFuturesGoThroughTheWorld() {
    var world = world(4);
    var taken = new ArrayList<Integer>();
    run(
        world,
        () -> {
          SimNode node = world.node("one");
          var queue = new LinkedBlockingQueue<Integer>();
          var lock = new ReentrantLock();
          for (int i = 0; i < 5; i++) {
            int number = i;
            node.spawn(
                "producer",
                () -> {
                  lock.lock();
                  try {
                    yieldOnce();
                    queue.add(number);
                  } finally {
                    lock.unlock();
                  }
                });
            node.spawn(
                "consumer",
                () -> {
                  try {
                    taken.add(queue.take());
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                });
          }
          world.director().life().sleep(Duration.ofMillis(1));
        });
    assertThat(taken).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
  }

  @Test
  void aWorldInWhichNobodyCanGoOnSaysWhoWaitsWhere() {
    assertThatThrownBy(() -> run(world(5), () -> new CompletableFuture<Void>().join()))
        .isInstanceOf(StuckWorldException.class)
        .hasMessageContaining("director#0/plot")
        .hasMessageContaining("CompletableFuture.join");
  }

  @Test
  void aThreadThatIsWokenFromOutsideIsAnError() {
    var world = world(6);
    assertThatThrownBy(() ->
            run(
                world,
                () -> {
                  var parked = new Thread[1];
                  world
                      .node("one")
                      .spawn(
                          "parks",
                          () -> {
                            parked[0] = Thread.currentThread();
                            LockSupport.park();
                          });
                  world.director().life().sleep(Duration.ofMillis(1));
                  var outside = new Thread(() -> LockSupport.unpark(parked[0]));
                  outside.start();
                  while (outside.isAlive()) {
                    Thread.onSpinWait();
                  }
                  world.director().life().sleep(Duration.ofMillis(1));
                }))
        .isInstanceOf(StuckWorldException.class)
        .hasMessageContaining("one#0/parks was woken by Thread-");
  }

  @Test
  void aThreadThatWaitsForAMonitorIsAnErrorThatNamesIt() throws Exception {
    var world = world(11);
    var monitor = new Object();
    try (var _ = new Holder(monitor)) {
      assertThatThrownBy(() ->
              run(
                  world,
                  () -> {
                    world.node("one").spawn("enters", () -> enter(monitor));
                    world.director().life().sleep(Duration.ofMillis(1));
                  }))
          .isInstanceOf(SimWorld.IntrudedWorldException.class)
          .hasMessageContaining("one#0/enters waits for a monitor")
          .hasMessageContaining("SimWorldTest.enter")
          .hasMessageContaining("holder holds java.lang.Object@");
    }
  }

  @SuppressWarnings("EmptyBlock")
  private static void enter(Object monitor) {
    synchronized (monitor) {
      // To have it is enough.
    }
  }

  @Test
  void noWorldUsesTheCleanersOfDirectBuffers() throws Exception {
    // The collector's own thread takes this monitor after a collection, at any time.
    try (var _ = new Holder(Class.forName("jdk.internal.ref.Cleaner"))) {
      for (long seed = 1; seed <= 20; seed++) {
        assertThat(Simulation.run(seed).violations()).isEmpty();
      }
    }
  }

  /// A thread of the machine that holds a monitor until it is closed.
  private static final class Holder implements AutoCloseable {
    private final CountDownLatch over = new CountDownLatch(1);

    Holder(Object monitor) throws InterruptedException {
      var held = new CountDownLatch(1);
      new Thread(
              () -> {
                synchronized (monitor) {
                  held.countDown();
                  awaitQuietly(over);
                }
              },
              "holder")
          .start();
      held.await();
    }

    private static void awaitQuietly(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new AssertionError("nobody interrupts", e);
      }
    }

    @Override
    public void close() {
      over.countDown();
    }
  }

  @Test
  void whatEscapesFromAThreadIsAProblem() {
    var world = world(7);
    run(
        world,
        () -> {
          world
              .node("one")
              .spawn(
                  "fails",
                  () -> {
                    throw new IllegalStateException("planned");
                  });
          world.director().life().sleep(Duration.ofMillis(1));
        });
    assertThat(world.problems()).singleElement().asString().contains("planned");
  }

  @Test
  void messagesOfAConnectionArriveInOrderAndAPartitionOnlyDelaysThem() {
    var world = world(8);
    var net = new SimNet(world, new SimNet.Weather(100_000, 2_000_000, 0, 20));
    var arrived = new ArrayList<Integer>();
    run(
        world,
        () -> {
          SimNode one = world.node("one");
          SimNode two = world.node("two");
          SimNet.Pipe pipe = net.pipe(one, two.life());
          for (int i = 0; i < 100; i++) {
            int number = i;
            if (i == 30) {
              net.block(one, two);
            }
            if (i == 60) {
              net.unblock(one, two);
            }
            pipe.send("message", () -> arrived.add(number));
            world.director().life().sleepNanos(300_000);
          }
          world.director().life().sleep(Duration.ofSeconds(1));
        });
    assertThat(arrived).hasSize(100).isSorted();
    assertThat(net.delayed()).isPositive();
  }

  @Test
  void singleMessagesAreLostAndOvertakeEachOther() {
    var world = world(9);
    var net = new SimNet(world, new SimNet.Weather(100_000, 2_000_000, 20, 20));
    var arrived = new ArrayList<Integer>();
    run(
        world,
        () -> {
          for (int i = 0; i < 100; i++) {
            int number = i;
            net.send(world.node("one"), world.node("two"), "message", () -> arrived.add(number));
          }
          world.director().life().sleep(Duration.ofSeconds(1));
        });
    assertThat(arrived).hasSizeBetween(50, 95);
    assertThat(arrived).isNotEqualTo(arrived.stream().sorted().toList());
  }

  @Test
  void stepsAreFast() {
    var world = world(10);
    long began = System.nanoTime();
    run(
        world,
        () -> {
          SimNode node = world.node("one");
          for (int i = 0; i < 10; i++) {
            node.spawn(
                "yields",
                () -> {
                  for (int j = 0; j < 20_000; j++) {
                    yieldOnce();
                  }
                });
          }
          world.director().life().sleep(Duration.ofSeconds(2));
        });
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    System.out.println("simulated steps: " + world.steps() + " in " + millis + " ms");
    assertThat(world.steps()).isGreaterThan(200_000);
  }

  // The scheduler that is relied on is the world's.
  @SuppressWarnings("ThreadPriorityCheck")
  private static void yieldOnce() {
    Thread.yield();
  }

  private static SimWorld world(long seed) {
    return new SimWorld(seed, new Trace(), 10);
  }

  private static void run(SimWorld world, Runnable plot) {
    world.run(Duration.ofHours(2), 1_000_000, plot);
  }
}
