package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogReader;
import io.tidemark.log.Precondition;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Proposal;
import io.tidemark.statemachine.ProposalCodec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Who else uses the log: an owner that fences it for a while and lets go of it again, and whoever
/// trims it, keeping what it takes away for the judgement.
final class Operator {
  /// The proposer of the records that an owner of the fence appends.
  static final long PROPOSER = 7;

  /// How often views write down what they have before a trim.
  private static final int FLUSH_PERCENT = 75;

  private static final long PAUSE_NANOS = 10_000_000;
  private static final long RELEASE_NANOS = 22_000_000_000L;

  private final SimWorld world;
  private final SimNode.Life life;
  private final LogNode machine;
  private final Plant plant;
  private final Evidence evidence;
  private final List<ReplicaNode> replicas;
  private CompletableFuture<Void> archiving = CompletableFuture.completedFuture(null);
  private @Nullable Log connected;
  private boolean fencing;
  private boolean trimming;
  private long ordinal;
  private long archivedTo = Log.START;

  // A request to let go of the fence was not answered: it may land at any time.
  private boolean mayLetGo;
  private boolean everFenced;

  Operator(
      SimNode node, LogNode machine, Plant plant, Evidence evidence, List<ReplicaNode> replicas) {
    this.world = node.world();
    this.life = node.life();
    this.machine = machine;
    this.plant = plant;
    this.evidence = evidence;
    this.replicas = replicas;
  }

  /// Connects to the log.
  void start() {
    life.spawn(
        "connect", () -> connected = new ObservedLog(machine.connect(life), evidence.ledger));
  }

  /// Fences the log with this token, writes, and lets go of it after this long. Blocks.
  void fence(String name, long nanos) {
    Log log = connected;
    if (fencing || log == null) {
      return;
    }
    fencing = true;
    everFenced = true;
    try {
      boolean judged = !mayLetGo;
      Bytes token = Bytes.utf8(name);
      untilAnswered(() -> log.fence(token));
      long from = untilAnswered(log::checkTail).position();
      append(log, new Precondition.FencingToken(token));
      life.sleepNanos(nanos);
      append(log, new Precondition.FencingToken(token));
      long to = untilAnswered(log::checkTail).position();
      if (judged && !mayLetGo) {
        evidence.fences.add(new Evidence.Fence(from, to));
      }
      letGo(log);
    } catch (LogException.Sealed _) {
      // The world is at its end.
    } finally {
      fencing = false;
    }
  }

  private void append(Log log, Precondition precondition) {
    append(log, new Command.OpenSession(), precondition);
  }

  private void append(Log log, Command command, Precondition precondition) {
    var proposal =
        new Proposal(
            PROPOSER,
            ++ordinal,
            Optional.empty(),
            SimWorld.EPOCH_MILLIS + world.nowNanos() / 1_000_000,
            command);
    CompletableFuture<Optional<Appended>> ended =
        log.append(List.of(ProposalCodec.encode(proposal)), precondition)
            .thenApply(Optional::of)
            .exceptionally(_ -> Optional.empty());
    var _ = ended.join();
  }

  private void letGo(Log log) {
    untilAnswered(
        () -> log.fence(Bytes.EMPTY).whenComplete((_, failure) -> mayLetGo |= failure != null));
  }

  /// Lets go of the fence for good, when nothing goes wrong any more. Blocks.
  void release() {
    Log log = connected;
    if (everFenced && log != null) {
      // What was sent before and not answered has landed by then.
      life.sleepNanos(RELEASE_NANOS);
      letGo(log);
    }
  }

  /// Trims the log up to somewhere that every replica has behind it, durably, and looks what a
  /// reader of what is gone is told. Blocks.
  void trim(SimRandom random) {
    Log log = connected;
    if (trimming || log == null) {
      return;
    }
    trimming = true;
    try {
      if (random.percent(FLUSH_PERCENT)) {
        replicas.forEach(ReplicaNode::flush);
      }
      long needed =
          replicas.stream().mapToLong(ReplicaNode::durablyApplied).min().orElse(Log.START);
      long upTo = plant.trimUpTo(needed, untilAnswered(log::checkTail).position());
      if (random.percent(30)) {
        upTo = Log.START + random.nextLong(upTo);
      }
      archive(log, upTo);
      long asked = upTo;
      long told = untilAnswered(() -> log.trim(asked));
      evidence.trims.add(new Evidence.Trim(needed, asked, told));
      readFrom(log, Log.START + random.nextLong(told));
    } catch (LogException.Sealed _) {
      // The world is at its end.
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts", e);
    } finally {
      trimming = false;
    }
  }

  private void archive(Log log, long upTo) throws InterruptedException {
    try (LogReader reader = log.read(archivedTo)) {
      while (reader.position() < upTo) {
        evidence.archive.addAll(reader.next());
        archivedTo = reader.position();
      }
    }
  }

  /// Completes when what is before this position is kept for the judgement.
  CompletableFuture<Void> archived(long upTo) {
    CompletableFuture<Void> kept = archiving.thenCompose(_ -> archiveInTime(upTo));
    archiving = kept;
    return kept;
  }

  private CompletableFuture<Void> archiveInTime(long upTo) {
    var kept = new CompletableFuture<Void>();
    life.spawn(
        "archive",
        () -> {
          while (archivedTo < upTo) {
            try {
              Log log = connected;
              if (log == null) {
                life.sleepNanos(PAUSE_NANOS);
              } else {
                archive(log, upTo);
              }
            } catch (LogException.Sealed _) {
              // The world is at its end, and so nothing is trimmed any more.
              return;
            } catch (LogException _) {
              life.sleepNanos(PAUSE_NANOS);
            } catch (InterruptedException e) {
              throw new AssertionError("nobody interrupts", e);
            }
          }
          kept.complete(null);
        });
    return kept;
  }

  /// Where the log begins. Blocks.
  long trimPoint() {
    Log log = Objects.requireNonNull(connected, "it was waited for");
    return untilAnswered(log::describe).trimPoint();
  }

  /// Whether the log was found.
  boolean isConnected() {
    return connected != null;
  }

  /// Appends a record of at least this many bytes that changes nothing. Blocks.
  void write(int bytes) {
    Log log = Objects.requireNonNull(connected, "it was waited for");
    append(log, new Command.Delete(Bytes.wrap(new byte[bytes])), Precondition.NONE);
  }

  private void readFrom(Log log, long from) throws InterruptedException {
    try (LogReader reader = log.read(from)) {
      var records = reader.next();
      if (!records.isEmpty()) {
        evidence.latecomers.add(new Evidence.Latecomer(from, records.getFirst().position(), false));
      }
    } catch (LogException.Trimmed trimmed) {
      evidence.latecomers.add(new Evidence.Latecomer(from, trimmed.trimPoint(), true));
    }
  }

  private <T> T untilAnswered(Supplier<CompletableFuture<T>> call) {
    while (true) {
      try {
        return call.get().join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof LogException.Sealed ended) {
          throw ended;
        }
        if (!(e.getCause() instanceof LogException)) {
          throw e;
        }
        life.sleepNanos(PAUSE_NANOS);
      }
    }
  }
}
