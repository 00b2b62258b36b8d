package io.tidemark.client;

import io.tidemark.api.v1.RequestId;
import io.tidemark.base.Invariants;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Gives every write its request id: in one session that all callers share, opened at the first
/// write, and replaced when the servers have forgotten it.
///
/// A sequence is given out only while it is less than the session's window ahead of the oldest that
/// is unanswered; whoever comes before that waits in line, in order. Any thread may call; what
/// waits is told outside the lock.
final class Sessions {
  /// A session as the servers opened it.
  ///
  /// @param number its number
  /// @param limits what the server accepts
  record Opened(long number, ServerInfo.Limits limits) {}

  /// A write's place in a session.
  record Ticket(Session session, long sequence) {
    RequestId requestId() {
      return RequestId.newBuilder().setSession(session.number).setSequence(sequence).build();
    }

    ServerInfo.Limits limits() {
      return session.limits;
    }
  }

  /// A session and which of its sequences are unanswered; guarded by the lock of its [Sessions].
  static final class Session {
    private final long number;
    private final ServerInfo.Limits limits;
    private final boolean[] answered;
    private long oldest = 1;
    private long next = 1;

    private Session(Opened opened) {
      this.number = opened.number();
      this.limits = opened.limits();
      this.answered = new boolean[Math.max(1, opened.limits().sessionWindow())];
    }

    private boolean hasRoom() {
      return next - oldest < answered.length;
    }

    private Ticket take() {
      return new Ticket(this, next++);
    }

    private void release(long sequence) {
      int place = (int) (sequence % answered.length);
      Invariants.check(
          sequence >= oldest && sequence < next && !answered[place],
          "a sequence is released once",
          sequence);
      answered[place] = true;
      while (oldest < next && answered[(int) (oldest % answered.length)]) {
        answered[(int) (oldest % answered.length)] = false;
        oldest++;
      }
    }
  }

  private final Supplier<CompletableFuture<Opened>> opener;
  private final Deque<CompletableFuture<Ticket>> waiting = new ArrayDeque<>();
  private @Nullable Session current;
  private boolean opening;
  private boolean admitting;

  /// @param opener opens a session; its future fails with a [TidemarkException] and nothing else
  Sessions(Supplier<CompletableFuture<Opened>> opener) {
    this.opener = opener;
  }

  /// A place for one write, to be released once. The future fails where no session could be opened;
  /// nothing was sent then. A caller that no longer waits completes the future itself.
  CompletableFuture<Ticket> acquire() {
    CompletableFuture<Ticket> place;
    boolean open;
    synchronized (this) {
      if (current != null && waiting.isEmpty() && current.hasRoom()) {
        return CompletableFuture.completedFuture(current.take());
      }
      dropFinished();
      place = new CompletableFuture<>();
      waiting.add(place);
      open = current == null && !opening;
      opening |= open;
    }
    if (open) {
      open();
    }
    return place;
  }

  /// The write that held this ticket will not be sent again.
  void release(Ticket ticket) {
    synchronized (this) {
      ticket.session.release(ticket.sequence);
    }
    admit();
  }

  /// The servers do not know this session any more: the next write opens another.
  void lost(Session session) {
    synchronized (this) {
      if (current == session) {
        current = null;
      }
    }
    admit();
  }

  private void open() {
    CompletableFuture<Opened> asked = opener.get();
    var unused = asked.whenComplete(this::onOpened);
  }

  private void onOpened(@Nullable Opened opened, @Nullable Throwable failure) {
    List<CompletableFuture<Ticket>> refused = new ArrayList<>();
    synchronized (this) {
      opening = false;
      if (opened != null) {
        current = new Session(opened);
      } else {
        refused.addAll(waiting);
        waiting.clear();
      }
    }
    if (failure != null) {
      refused.forEach(place -> place.completeExceptionally(failure));
    }
    admit();
  }

  /// Gives places to those in line, in order, for as long as there is room. One thread does it at a
  /// time; who comes meanwhile leaves it to that one, so that a write that ends at once goes no
  /// deeper.
  private void admit() {
    synchronized (this) {
      if (admitting) {
        return;
      }
      admitting = true;
    }
    while (true) {
      CompletableFuture<Ticket> place;
      Ticket ticket;
      synchronized (this) {
        dropFinished();
        if (waiting.isEmpty() || opening || (current != null && !current.hasRoom())) {
          admitting = false;
          return;
        }
        if (current == null) {
          opening = true;
          admitting = false;
          break;
        }
        place = waiting.remove();
        ticket = current.take();
      }
      if (!place.complete(ticket)) {
        synchronized (this) {
          ticket.session.release(ticket.sequence);
        }
      }
    }
    open();
  }

  /// Those who no longer wait; they have the same patience, so they are at the front.
  private void dropFinished() {
    while (!waiting.isEmpty() && waiting.element().isDone()) {
      waiting.remove();
    }
  }
}
