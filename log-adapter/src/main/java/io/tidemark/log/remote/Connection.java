package io.tidemark.log.remote;

import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import io.tidemark.log.LogException;
import io.tidemark.log.LogInfo;
import io.tidemark.log.remote.v1.AppendResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one [Link] to the server, or says why there is none, and connects again by itself for as
/// long as it is open.
///
/// ```text
///            opened                 ended
///   First ────────────▶ Up(link) ──────────▶ Down(cause) ──▶ ... ──▶ Closed
///     └─────── ended ─────────────────────────▲   │ opened
///                           ▲─────────────────────┘
/// ```
///
/// The first log it meets is its log: a link to any other does not come up. Any thread may call it.
final class Connection implements Link.Events {
  /// Told what becomes of links, outside of any lock of the connection's, in order for each link; a
  /// link comes up only after the one before it was told to have ended.
  interface Events {
    void up(Link link);

    void replied(Link link, AppendResponse response);

    void ready(Link link);

    /// The link carries nothing any more; it may never have come up.
    void ended(Link link, LogException cause);
  }

  /// Whether there is a link.
  sealed interface State {
    /// The first attempt is under way and has not failed.
    record First(CompletableFuture<Link> up) implements State {}

    record Up(Link link) implements State {}

    /// Attempts go on in the background.
    record Down(LogException cause) implements State {}

    record Closed() implements State {}
  }

  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private final RemoteLogConfig config;
  private final Clock clock;
  private final Timers timers;
  private final Events events;

  // Written under the lock, read anywhere.
  private volatile State state = new State.First(new CompletableFuture<>());

  // All guarded by the lock.
  private final Backoff backoff;
  private @Nullable Link attempt;
  private @Nullable UUID logId;
  private long upNanos;

  Connection(
      RemoteLogConfig config, Clock clock, Timers timers, RandomGenerator random, Events events) {
    this.config = config;
    this.clock = clock;
    this.timers = timers;
    this.events = events;
    this.backoff = new Backoff(random, config.reconnectDelayMax());
  }

  State state() {
    return state;
  }

  /// The link; waits for the first attempt, and fails at once where the last attempt failed.
  CompletableFuture<Link> link() {
    return switch (state) {
      case State.First(CompletableFuture<Link> up) -> up;
      case State.Up(Link link) -> CompletableFuture.completedFuture(link);
      case State.Down(LogException cause) -> CompletableFuture.failedFuture(cause);
      case State.Closed() -> CompletableFuture.failedFuture(closed());
    };
  }

  static LogException closed() {
    return new LogException.Closed("the log");
  }

  /// Begins an attempt to connect.
  void connect() {
    var link = new Link(config, clock, this);
    Optional<UUID> known;
    synchronized (this) {
      if (state instanceof State.Closed) {
        link.shutdown();
        return;
      }
      attempt = link;
      known = Optional.ofNullable(logId);
      timers.after(config.connectTimeout(), () -> connectTimedOut(link));
    }
    link.open(known);
  }

  private void connectTimedOut(Link link) {
    synchronized (this) {
      if (attempt != link) {
        return;
      }
    }
    ended(link, unreachable("no answer within " + text(config.connectTimeout())));
  }

  LogException unreachable(String why) {
    return new LogException.Unavailable(
        "the log at " + config.address() + " cannot be reached: " + why, null);
  }

  static String text(Duration duration) {
    return duration.toMillis() + " ms";
  }

  @Override
  public void opened(Link link, LogInfo info) {
    State before;
    boolean wrong;
    synchronized (this) {
      if (attempt != link) {
        return;
      }
      wrong = logId != null && !logId.equals(info.id());
      before = state;
      if (!wrong) {
        logId = info.id();
        link.info(info);
        attempt = null;
        upNanos = clock.nanoTime();
        state = new State.Up(link);
      }
    }
    if (wrong) {
      ended(link, Wire.wrongLog(config.address(), info.id().toString()));
      return;
    }
    LOG.info("connected to the log {} at {}", info.id(), config.address());
    if (before instanceof State.First(CompletableFuture<Link> up)) {
      up.complete(link);
    }
    events.up(link);
  }

  @Override
  public void ended(Link link, LogException cause) {
    State before = state;
    synchronized (this) {
      boolean wasUp = state instanceof State.Up(Link current) && current == link;
      if (!wasUp && attempt != link) {
        return;
      }
      before = state;
      attempt = null;
      state = new State.Down(cause);
      // A link that ends as soon as it is up is a failure like any other.
      boolean lasted = clock.nanoTime() - upNanos >= config.reconnectDelayMax().toNanos();
      if (wasUp && (lasted || link.heardNanos() - upNanos > 0)) {
        backoff.reset();
      }
    }
    link.shutdown();
    if (!(before instanceof State.Down)) {
      LOG.warn("{}; connecting again", cause.getMessage());
    }
    events.ended(link, cause);
    if (before instanceof State.First(CompletableFuture<Link> up)) {
      up.completeExceptionally(cause);
    }
    synchronized (this) {
      if (!(state instanceof State.Closed)) {
        timers.after(backoff.next(), this::connect);
      }
    }
  }

  @Override
  public void replied(Link link, AppendResponse response) {
    events.replied(link, response);
  }

  @Override
  public void ready(Link link) {
    events.ready(link);
  }

  /// Ends the link and connects no more. Does nothing the second time.
  void close() {
    State before;
    Link link;
    synchronized (this) {
      before = state;
      if (before instanceof State.Closed) {
        return;
      }
      link = before instanceof State.Up(Link current) ? current : attempt;
      attempt = null;
      state = new State.Closed();
    }
    if (before instanceof State.First(CompletableFuture<Link> up)) {
      up.completeExceptionally(closed());
    }
    if (link != null) {
      link.shutdown();
      events.ended(link, closed());
      link.awaitShutdown();
    }
  }
}
