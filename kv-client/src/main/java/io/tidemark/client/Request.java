package io.tidemark.client;

import io.grpc.MethodDescriptor;
import io.tidemark.api.v1.RequestId;
import io.tidemark.base.Invariants;
import io.tidemark.base.Timers;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// One request, from its first attempt to its answer.
///
/// ```text
///   begin ─▶ ticket ─▶ attempt ─▶ answered ─▶ finish
///   (write)    ▲          ▲  └──▶ failed ─┬─▶ finish
///              └──────────┴── pause ◀─────┘
/// ```
///
/// A write has a ticket: the request id that makes all its attempts one. It is *exposed* once an
/// attempt ended without proof that it had no effect; from then on nothing but an answer can say
/// what became of it, and whatever else ends it is reported as an unknown outcome.
///
/// The steps follow one another, each on the thread that the last one's outcome came on; only
/// [#clientClosed] may come at any time.
final class Request<Q, R, T> implements Core.Closeable, UnaryCall.Outcome<R> {
  /// What sets one kind of request apart.
  ///
  /// @param isWrite whether repeating it without a request id could do it twice
  /// @param revision the revision its response tells, which reads of this client then see
  /// @param decode the answer, from the response and the endpoint it came from
  record Kind<Q, R, T>(
      MethodDescriptor<Q, R> method,
      boolean isWrite,
      ToLongFunction<R> revision,
      BiFunction<R, String, T> decode) {
    String name() {
      String bare = method.getBareMethodName();
      return bare == null ? method.getFullMethodName() : bare;
    }
  }

  /// Makes the message of a write.
  interface Maker<Q> {
    Q make(RequestId id);
  }

  private static final int FAIR_PART_OF_AN_ATTEMPT = 4;

  private final Core core;
  private final Kind<Q, R, T> kind;
  private final @Nullable Maker<Q> maker;
  private final Size size;
  private final long deadlineNanos;
  private final CompletableFuture<T> answer = new CompletableFuture<>();

  private Sessions.@Nullable Ticket ticket;
  private @Nullable Q message;
  private @Nullable Endpoint endpoint;
  private int failures;

  /// Set before anything is sent and cleared when the attempt's outcome is known, so that who ends
  /// the request meanwhile knows that it may be happening.
  private volatile boolean attemptUnderWay;

  private volatile boolean exposed;
  private final AtomicBoolean finished = new AtomicBoolean();

  /// @param maker makes the message of a write
  /// @param message the message of a read
  Request(Core core, Kind<Q, R, T> kind, @Nullable Maker<Q> maker, @Nullable Q message, Size size) {
    Invariants.check(
        kind.isWrite() == (maker != null) && kind.isWrite() == (message == null),
        "a write has its message made with a request id, a read has its message");
    this.core = core;
    this.kind = kind;
    this.maker = maker;
    this.message = message;
    this.size = size;
    this.deadlineNanos = core.clock().nanoTime() + core.settings().deadline().toNanos();
  }

  /// Sets out; the future completes by the deadline, exceptionally with a [TidemarkException] and
  /// nothing else.
  CompletableFuture<T> begin() {
    if (!core.enter(this, size.total())) {
      answer.completeExceptionally(
          new OverloadedException(said("too much is under way in this client"), null));
    } else if (core.isClosed()) {
      clientClosed();
    } else if (kind.isWrite()) {
      guarded(this::takeTicket);
    } else {
      guarded(this::attempt);
    }
    return answer;
  }

  private void takeTicket() {
    CompletableFuture<Sessions.Ticket> place = core.sessions().acquire();
    if (place.isDone()) {
      var unused =
          place.whenComplete((taken, failure) -> guarded(() -> withTicket(taken, failure)));
      return;
    }
    Timers.Timer patience =
        core.timers()
            .after(
                Duration.ofNanos(Math.max(0, nanosLeft())),
                () ->
                    place.completeExceptionally(
                        new UnavailableException(
                            "no session could be opened in time, or earlier writes are unanswered",
                            null)));
    var unused =
        place.whenComplete((taken, failure) -> {
          patience.cancel();
          guarded(() -> withTicket(taken, failure));
        });
  }

  private void withTicket(Sessions.@Nullable Ticket taken, @Nullable Throwable failure) {
    Maker<Q> make = maker;
    if (taken == null || make == null) {
      finish(null, withoutSession(failure));
      return;
    }
    ticket = taken;
    if (finished.get()) {
      giveTicketBack();
      return;
    }
    Optional<String> tooLarge = overLimit(taken.limits());
    if (tooLarge.isPresent()) {
      finish(null, new TooLargeException(said(tooLarge.get()), null));
      return;
    }
    message = make.make(taken.requestId());
    attempt();
  }

  private void attempt() {
    long left = nanosLeft();
    if (left <= 0) {
      finish(null, new UnavailableException(said("not sent before its deadline"), null));
      return;
    }
    Q request = Objects.requireNonNull(message, "what is sent was made");
    attemptUnderWay = true;
    if (finished.get() || answer.isDone()) {
      attemptUnderWay = false;
      finish(null, new CancelledException(said("cancelled"), null));
      return;
    }
    Endpoint chosen = core.endpoints().pick();
    endpoint = chosen;
    new UnaryCall<Q, R>(this)
        .start(
            chosen,
            kind.method(),
            request,
            Math.min(left, core.settings().attemptTimeout().toNanos()));
  }

  @Override
  public void answered(R response) {
    guarded(() -> onAnswer(response));
  }

  @Override
  public void failed(Failure failure) {
    guarded(() -> onFailure(failure));
  }

  private void onAnswer(R response) {
    core.endpoints().worked(target());
    core.saw(kind.revision().applyAsLong(response));
    T value;
    try {
      value = kind.decode().apply(response, target().address());
    } catch (IllegalArgumentException newer) {
      // The server did it and told in words that only a newer client knows.
      String text = said("the answer is not understood: " + newer.getMessage());
      finish(
          null,
          kind.isWrite()
              ? new OutcomeUnknownException(text, newer)
              : new InvalidRequestException(text, newer));
      return;
    }
    finish(value, null);
  }

  private void onFailure(Failure failure) {
    if (kind.isWrite() && !failure.definite()) {
      exposed = true;
    }
    attemptUnderWay = false;
    if (failure.isOfEndpoint()) {
      core.endpoints().failed(target(), failure.kind() == Failure.Kind.SILENT);
    } else {
      core.endpoints().worked(target());
    }
    failures++;
    if (core.isClosed()) {
      clientClosed();
    } else if (failure.kind() == Failure.Kind.SESSION_UNKNOWN && ticket != null) {
      core.sessions().lost(ticket.session());
      if (exposed) {
        finish(null, ending(failure));
      } else {
        giveTicketBack();
        again(failure, this::takeTicket);
      }
    } else if (failure.isRetryable()) {
      again(failure, this::attempt);
    } else {
      finish(null, ending(failure));
    }
  }

  /// Goes on with `step`: at once while there are endpoints that were not tried, after a pause when
  /// there are none. Where a write is known to have had no effect, it ends so while that can still
  /// be said: an attempt without a fair chance of an answer would leave it unknown.
  private void again(Failure failure, Runnable step) {
    int untried = core.endpoints().size() - failures;
    boolean elsewhere = untried > 0 && failure.isOfEndpoint();
    long pause = elsewhere ? 0 : core.pauses().nanos(Math.max(1, 1 - untried));
    long needed =
        exposed ? 0 : core.settings().attemptTimeout().toNanos() / FAIR_PART_OF_AN_ATTEMPT;
    if (pause + needed >= nanosLeft()) {
      finish(null, ending(failure));
    } else if (elsewhere) {
      step.run();
    } else {
      core.timers().after(Duration.ofNanos(pause), () -> guarded(step));
    }
  }

  /// What the caller is told when this failure is the last.
  private TidemarkException ending(Failure failure) {
    return failure.toException(kind.isWrite(), said(target() + ": " + failure.detail()));
  }

  private TidemarkException withoutSession(@Nullable Throwable failure) {
    Throwable why = failure instanceof CompletionException ? failure.getCause() : failure;
    String text = said("nothing was sent: " + (why == null ? "no session" : why.getMessage()));
    if (why instanceof OverloadedException) {
      return new OverloadedException(text, why);
    } else if (why instanceof LogEndedException) {
      return new LogEndedException(text, why);
    } else if (why instanceof InvalidRequestException) {
      return new InvalidRequestException(text, why);
    } else if (why instanceof CancelledException) {
      return new CancelledException(text, why);
    }
    return new UnavailableException(text, why);
  }

  private Optional<String> overLimit(ServerInfo.Limits limits) {
    if (size.key() > limits.keyBytesMax()) {
      return Optional.of(
          "a key has " + size.key() + " bytes; the limit is " + limits.keyBytesMax());
    } else if (size.value() > limits.valueBytesMax()) {
      return Optional.of(
          "a value has " + size.value() + " bytes; the limit is " + limits.valueBytesMax());
    } else if (size.total() > limits.requestBytesMax()) {
      return Optional.of(
          "the request has " + size.total() + " bytes; the limit is " + limits.requestBytesMax());
    }
    return Optional.empty();
  }

  @Override
  public void clientClosed() {
    if (finished.compareAndSet(false, true)) {
      String text = said("the client was closed");
      boolean mayHappen = kind.isWrite() && (exposed || attemptUnderWay);
      core.leave(this, size.total());
      answer.completeExceptionally(
          mayHappen ? new OutcomeUnknownException(text, null) : new CancelledException(text, null));
    }
  }

  /// Ends the request, once. This is the one place that knows whether a failure may be told as it
  /// is: that of a request which may have happened is an unknown outcome.
  private void finish(@Nullable T value, @Nullable TidemarkException failure) {
    if (finished.compareAndSet(false, true)) {
      core.leave(this, size.total());
      giveTicketBack();
      if (failure != null) {
        answer.completeExceptionally(
            exposed && !failure.mayHaveHappened()
                ? new OutcomeUnknownException(String.valueOf(failure.getMessage()), failure)
                : failure);
      } else {
        answer.complete(value);
      }
    }
  }

  private void giveTicketBack() {
    Sessions.Ticket held = ticket;
    if (held != null) {
      ticket = null;
      core.sessions().release(held);
    }
  }

  /// Nothing above this would notice that the code is wrong, and the caller would wait for ever.
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error bug) {
      answer.completeExceptionally(bug);
      throw bug;
    }
  }

  private Endpoint target() {
    return Objects.requireNonNull(endpoint, "an outcome has an attempt before it");
  }

  private long nanosLeft() {
    return deadlineNanos - core.clock().nanoTime();
  }

  private String said(String what) {
    return kind.name() + ": " + what;
  }
}
