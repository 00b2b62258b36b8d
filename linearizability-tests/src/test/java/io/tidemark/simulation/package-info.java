/// The whole system in one seeded world: replicas, logs, clients, disks, network and clocks.
///
/// **Promises** that the same seed gives the same run in every JVM, and that a run in which a rule
/// is broken says which, and how to run it again. **Never** touches the machine's clock, threads,
/// network or chance; only views in RocksDB touch its disk. Everything of one world runs on one
/// carrier thread, one step at a time, in an order the seed decides, so nothing here is guarded by
/// a lock. Tests use it. Start reading at [SimWorld], then [Simulation].
@NullMarked
package io.tidemark.simulation;

import org.jspecify.annotations.NullMarked;
