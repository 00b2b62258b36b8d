package io.tidemark.replica;

import io.tidemark.checkpoint.Catalogue;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.CheckpointException;
import io.tidemark.checkpoint.CheckpointStore;
import io.tidemark.replica.MarkInbox.Reached;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Digests;
import io.tidemark.statemachine.Digests.Digested;
import io.tidemark.statemachine.Mark;
import io.tidemark.statemachine.Result;
import io.tidemark.statemachine.StoredView;
import io.tidemark.statemachine.ViewException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The agent that deals with checkpoints, on the thread `kv-checkpoint`: finds that one is due and
/// appends a mark; makes the checkpoint if the mark took effect; compares what others made with
/// what this replica held at the same place; verifies; trims the log and prunes the store.
///
/// It works in rounds, one thing after the other, and blocks as long as that takes. What fails is
/// tried again later, or made good for by the next checkpoint: reads and writes never notice. What
/// it does at a mark on the thread of the [Applier] takes milliseconds: a snapshot, and for a mark
/// of its own links to the view's files.
final class Checkpointer implements Applier.Marks {
  /// How often it looks whether a checkpoint is due.
  static final Duration ROUND = Duration.ofSeconds(1);

  /// How often it looks into the store while nothing is expected there.
  static final Duration LOOK_EVERY = Duration.ofMinutes(1);

  /// So many times the patience a mark waits for its checkpoint until another mark may follow.
  private static final int MAKING_PATIENCES = 4;

  /// So many times the patience something is expected of a mark.
  private static final int EXPECTED_PATIENCES = 20;

  /// So long the view may take to settle before a checkpoint is made of it as it is.
  private static final Duration SETTLE_MAX = Duration.ofMinutes(1);

  private static final Duration SETTLE_PAUSE = Duration.ofMillis(100);

  private static final Duration PAUSE_MIN = Duration.ofSeconds(1);
  private static final Duration PAUSE_MAX = Duration.ofMinutes(1);

  private final Checkpointing common;
  private final CurrentView view;
  private final Function<Command, CompletableFuture<Result>> write;
  private final BooleanSupplier caughtUp;
  private final MarkInbox inbox;
  private final Comparison comparison;
  private final Maker maker;
  private final Verifier verifier;
  private final Trimmer trimmer;
  private final DueRule due;
  private final Backoff backoff = new Backoff(PAUSE_MIN, PAUSE_MAX);
  private final Thread thread;
  private volatile boolean closing;

  // All below of the agent alone.
  private @Nullable CheckpointStore store;
  private long markNanos;
  private long lookNanos;
  private long retryNanos;

  /// @param write appends as a client's write, within the default timeout
  /// @param caughtUp whether the view is as far as the log was last seen to be
  Checkpointer(
      Checkpointing common,
      CurrentView view,
      Function<Command, CompletableFuture<Result>> write,
      BooleanSupplier caughtUp) {
    this.common = common;
    this.view = view;
    this.write = write;
    this.caughtUp = caughtUp;
    this.inbox = new MarkInbox(common.pauses());
    this.comparison = new Comparison(common);
    this.maker = new Maker(common);
    this.verifier = new Verifier(common);
    this.trimmer = new Trimmer(common);
    this.due = new DueRule(common.config(), common.shared().uptime());
    this.thread = common.environment().threads().newThread(this::run);
    this.thread.setName("kv-checkpoint");
  }

  void start() {
    thread.start();
  }

  /// Ends what takes long: the replica has stopped.
  void stop() {
    if (!Thread.currentThread().equals(thread)) {
      thread.interrupt();
    }
  }

  /// Ends the thread and waits until it has.
  void close() {
    closing = true;
    thread.interrupt();
    Threads.join(thread);
  }

  /// Lets go of what was left for it; nobody leaves anything any more.
  void letGo() {
    inbox.close();
  }

  @Override
  public void reached(Mark mark, boolean own, StoredView at) {
    try {
      Optional<Path> copy = Optional.empty();
      if (own && common.config().makes()) {
        Path directory = common.work().made(mark.position());
        at.checkpoint(directory);
        copy = Optional.of(directory);
      }
      inbox.put(new Reached(mark, at.snapshot(), copy));
    } catch (ViewException.StorageFailed failure) {
      common.board().failed("copying the view at " + mark.position(), failure);
    }
  }

  private void run() {
    try {
      while (!closing && common.isRunning()) {
        round();
      }
    } catch (InterruptedException e) {
      // Closing and stopping end what takes long this way.
      if (!closing && common.isRunning()) {
        common.shared().lifecycle().stop("the thread of checkpoints was interrupted", e);
      }
    } catch (Throwable bug) {
      common.shared().lifecycle().stop("dealing with checkpoints: " + bug, bug);
    } finally {
      if (store != null) {
        store.close();
      }
    }
  }

  private void round() throws InterruptedException {
    Reached reached = inbox.await(ROUND);
    try {
      if (reached != null) {
        handle(reached);
      }
      if (now() >= retryNanos && common.folded().isProven()) {
        look();
        proposeIfDue();
        common.board().succeeded();
        backoff.succeeded();
      }
    } catch (ViewException.Closed _) {
      // A checkpoint has taken the view's place: what was begun on it is void.
      common.board().idle();
    } catch (CheckpointException.AnotherDatabase wrong) {
      common.shared().lifecycle().stop(String.valueOf(wrong.getMessage()), wrong);
    } catch (CheckpointException
        | LogAwayException
        | ViewException
        | UncheckedIOException failure) {
      common.board().failed("dealing with checkpoints", failure);
      retryNanos = now() + backoff.failed().toNanos();
    }
  }

  private long now() {
    return common.shared().uptime().nanos();
  }

  private CheckpointStore store() throws InterruptedException {
    CheckpointStore open = store;
    if (open == null) {
      open = common.stores().open(logId());
      store = open;
    }
    return open;
  }

  private UUID logId() {
    return view.now().logId().orElseThrow();
  }

  // At a mark.

  private void handle(Reached reached) throws InterruptedException {
    markNanos = now();
    lookNanos = now();
    long position = reached.mark().position();
    try {
      common.board().doing("computing the digest at " + position);
      Digested digested;
      try (var snapshot = reached.snapshot()) {
        digested = Digests.of(snapshot, common.pace());
      }
      comparison.add(position, digested);
      if (reached.copy().isPresent()) {
        make(reached.mark(), reached.copy().get(), digested);
      }
    } finally {
      common.board().idle();
      reached.copy().ifPresent(LocalDirectories::delete);
    }
  }

  /// Tries until it is made, or another mark makes it needless.
  private void make(Mark mark, Path copy, Digested digested) throws InterruptedException {
    var pauses = new Backoff(PAUSE_MIN, PAUSE_MAX);
    while (common.isRunning() && !inbox.isFull()) {
      try {
        maker.make(store(), logId(), mark, copy, digested);
        return;
      } catch (CheckpointException.Unavailable | CheckpointException.Refused failure) {
        common.board().failed("uploading the checkpoint at " + mark.position(), failure);
      }
      common.pauses().pause(pauses.failed());
    }
  }

  // Between marks.

  private void look() throws InterruptedException {
    if (now() < lookNanos) {
      return;
    }
    Catalogue catalogue = store().catalogue();
    common.board().seen(catalogue);
    Optional<Checkpoint> disputed = comparison.disputed(catalogue);
    if (disputed.isPresent()) {
      Checkpoint checkpoint = disputed.get();
      Digested own = comparison.own(checkpoint.position()).orElseThrow();
      maker.distrust();
      verifier.arbitrate(store(), catalogue, checkpoint, own);
      comparison.judged(checkpoint);
      catalogue = store().catalogue();
    }
    Optional<Checkpoint> ripe = comparison.ripe(catalogue);
    if (ripe.isPresent() && common.isRunning()) {
      verify(ripe.get());
      catalogue = store().catalogue();
      common.board().seen(catalogue);
    }
    if (common.isRunning() && (common.config().makes() || common.config().verifies())) {
      trimmer.trimAndPrune(store(), catalogue);
    }
    common.board().idle();
    lookNanos = now() + (isExpecting(catalogue) ? soon() : LOOK_EVERY).toNanos();
  }

  private void verify(Checkpoint checkpoint) throws InterruptedException {
    if (!verifier.verify(store(), checkpoint)) {
      maker.distrust();
    }
  }

  private Duration soon() {
    return Comparison.soon(common.config().patience());
  }

  private boolean isExpecting(Catalogue catalogue) {
    long verified = catalogue.newestVerified().map(Checkpoint::position).orElse(0L);
    return common.folded().now().lastMark().map(Mark::position).orElse(0L) > verified
        && now() - markNanos
            < common.config().patience().multipliedBy(EXPECTED_PATIENCES).toNanos();
  }

  private void proposeIfDue() throws InterruptedException {
    Folded.At at = common.folded().now();
    if (!common.config().makes()
        || inbox.isFull()
        || !caughtUp.getAsBoolean()
        || !due.isDue(at, common.environment().clock().wallMillis())
        || isAwaited(at.lastMark())) {
      return;
    }
    common.board().doing("writing the view down for a checkpoint");
    settle();
    view.now().flush();
    if (common.folded().now().lastMark().equals(at.lastMark())) {
      propose(at.lastMark().map(Mark::revision).orElse(0L));
    }
    common.board().idle();
  }

  /// Waits while files of the view are being merged, as after a bulk load: what is merged after a
  /// checkpoint was made must be sent again for the next. A load that never lets it settle must not
  /// keep it from being made.
  private void settle() throws InterruptedException {
    long untilNanos = now() + SETTLE_MAX.toNanos();
    while (common.isRunning() && now() < untilNanos && !view.now().isSettled()) {
      common.pauses().pause(SETTLE_PAUSE);
    }
  }

  private void propose(long previous) throws InterruptedException {
    try {
      var _ = write.apply(new Command.Mark(previous)).get();
    } catch (ReplicaException refused) {
      throw new LogAwayException("a mark was refused: " + refused.getMessage());
    } catch (ExecutionException e) {
      throw new LogAwayException("a mark could not be appended: " + e.getCause());
    }
  }

  /// Whether the last mark may still get its checkpoint, so that another one can wait.
  private boolean isAwaited(Optional<Mark> last) throws InterruptedException {
    return last.isPresent()
        && now() - markNanos < common.config().patience().multipliedBy(MAKING_PATIENCES).toNanos()
        && store().catalogue().at(last.get().position()).isEmpty();
  }
}
