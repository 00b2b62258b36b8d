package io.tidemark.simulation;

import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.Precondition;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Proposal;
import io.tidemark.statemachine.ProposalCodec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/// A process that writes to the log and is no replica. Nobody waits for it: the log may be trimmed
/// beyond it while it stands still.
final class Rival {
  /// The proposer of its records.
  static final long PROPOSER = 8;

  private static final int TAIL_CHECK_PERCENT = 40;

  private final SimWorld world;
  private final SimNode node;
  private final LogNode machine;
  private final Evidence evidence;
  private final SimRandom random;
  private long ordinal;
  private long knownTail = Log.START;
  private boolean over;

  Rival(SimNode node, LogNode machine, Evidence evidence) {
    this.world = node.world();
    this.node = node;
    this.machine = machine;
    this.evidence = evidence;
    this.random = world.random("rival");
  }

  SimNode node() {
    return node;
  }

  /// Begins to write.
  void start() {
    node.spawn("rival", this::run);
  }

  /// Writes no more.
  void stop() {
    over = true;
  }

  private void run() {
    try (Log log = new ObservedLog(machine.connect(node.life()), evidence.ledger)) {
      while (!over) {
        node.life().sleepNanos(random.nanosBetween(1, 400));
        if (knownTail < evidence.trimPoint()) {
          evidence.probes.met(Probe.RIVAL_SLEPT_THROUGH_TRIM);
        }
        act(log);
      }
    }
  }

  private void act(Log log) {
    try {
      if (random.percent(TAIL_CHECK_PERCENT)) {
        knownTail = log.checkTail().join().position();
      } else {
        var proposal =
            new Proposal(
                PROPOSER,
                ++ordinal,
                Optional.empty(),
                SimWorld.EPOCH_MILLIS + world.nowNanos() / 1_000_000,
                new Command.OpenSession());
        knownTail =
            log.append(List.of(ProposalCodec.encode(proposal)), Precondition.NONE).join().next();
      }
    } catch (CompletionException failure) {
      if (!(Failures.unwrap(failure) instanceof LogException)) {
        throw failure;
      }
    }
  }
}
