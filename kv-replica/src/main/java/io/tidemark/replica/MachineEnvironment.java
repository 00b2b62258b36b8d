package io.tidemark.replica;

import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import io.tidemark.statemachine.RocksView;
import java.security.SecureRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/// The machine's clock, timers, threads and randomness: the one place of the replica that takes
/// them from where they are.
final class MachineEnvironment {
  private MachineEnvironment() {}

  /// An environment for one replica, which is closed with `owned`.
  static Environment make(Owned owned) {
    ThreadFactory reads = Thread.ofPlatform().daemon().name("kv-read-", 0).factory();
    int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
    ExecutorService executor =
        owned.add(Executors.newFixedThreadPool(threads, reads), MachineEnvironment::end);
    Timers timers = owned.add(Timers.onThread("kv-timer"), Timers::close);
    ThreadFactory agents = Thread.ofPlatform().daemon().factory();
    return new Environment(
        Clock.SYSTEM, timers, agents, executor, new SecureRandom(), RocksView::open);
  }

  /// A future's dependent may close the replica on a thread of the executor itself.
  private static void end(ExecutorService executor) {
    executor.shutdown();
  }
}
