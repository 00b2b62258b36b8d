package io.tidemark.simulation;

import io.tidemark.log.Log;
import io.tidemark.log.journal.Storage;
import io.tidemark.log.s3.ObjectStore;
import io.tidemark.statemachine.ViewCopying;
import io.tidemark.statemachine.ViewStore;

/// A bug that is planted into a world at its seams, to prove that the world finds it. By default
/// there is none.
interface Plant {
  /// No bug.
  Plant NONE = new Plant() {};

  /// The log as a replica uses it.
  default Log replicaLog(Log log, SimNode.Life life) {
    return log;
  }

  /// The log as it comes over the network, beneath the ledger of what its user is told.
  default Log remoteLog(Log log, SimNode.Life life) {
    return log;
  }

  /// The object store as a log uses it.
  default ObjectStore store(ObjectStore store) {
    return store;
  }

  /// The log as its own machine serves it, or as it is in an object store.
  default Log servedLog(Log log) {
    return log;
  }

  /// The disk as the journal uses it.
  default Storage disk(Storage disk) {
    return disk;
  }

  /// Up to where the log is trimmed, where replicas need it from `needed` on.
  default long trimUpTo(long needed, long tail) {
    return needed;
  }

  /// What a crash leaves of a view.
  default ViewStore.CrashRule crashRule() {
    return ViewStore.Crashes.TO_EARLIER_COMMIT;
  }

  /// What the view of this replica keeps, and what is copied and compared of it.
  default ViewCopying copying(String replica) {
    return ViewCopying.FAITHFUL;
  }

  /// The store of checkpoints as a replica uses it.
  default ObjectStore checkpoints(ObjectStore store) {
    return store;
  }

  /// What the replicas of one world do with the requests of clients; each world has its own.
  default Gateway gateway() {
    return Gateway.HONEST;
  }

  /// Whether the world of this configuration can show the bug at all.
  default boolean canShow(SwarmConfig config) {
    return true;
  }
}
