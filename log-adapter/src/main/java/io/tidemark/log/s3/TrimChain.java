package io.tidemark.log.s3;

import io.tidemark.base.Clock;
import io.tidemark.log.LogException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Knows where the log begins, and for how long that may be believed.
///
/// A deleted slot looks like one that was never written, and a request that was under way for long
/// may even bring one back. So nothing that is seen of a slot is believed unless this process asked
/// the chain of trim markers less than half the trim delay ago: a marker comes first, and the
/// deletion a whole delay later, so that a slot at or after the trim point known then cannot have
/// been deleted since. It is asked *after* the slot was seen where the last answer is too old.
///
/// The age of an answer counts from when its request was sent, by the monotonic clock or by the
/// machine's, whichever says more: the first stands still while a machine sleeps.
///
/// Markers are never deleted. Runs in the log's mailbox.
final class TrimChain {
  private final ObjectStore store;
  private final UUID log;
  private final Mailbox mailbox;
  private final Clock clock;
  private final long trustNanos;
  private final List<Consumer<@Nullable LogException>> waiting = new ArrayList<>();

  private long markers;
  private long slot;
  private boolean asked;
  private long askedNanos;
  private long askedMillis;
  private boolean asking;

  TrimChain(
      ObjectStore store,
      Markers.Identity identity,
      Mailbox mailbox,
      Clock clock,
      Duration trimDelay) {
    this.store = store;
    this.log = identity.log();
    this.slot = identity.first();
    this.mailbox = mailbox;
    this.clock = clock;
    this.trustNanos = trimDelay.toNanos() / 2;
  }

  /// The first slot that can be read.
  long slot() {
    return slot;
  }

  /// How many markers there are.
  long markers() {
    return markers;
  }

  /// Whether what was seen of a slot up to now may be believed.
  boolean isFresh() {
    return asked
        && clock.nanoTime() - askedNanos < trustNanos
        && (clock.wallMillis() - askedMillis) * 1_000_000 < trustNanos;
  }

  /// Runs `then` when the chain was asked recently enough: at once, or after asking; with why if it
  /// cannot be asked.
  void whenFresh(Consumer<@Nullable LogException> then) {
    if (isFresh()) {
      then.accept(null);
      return;
    }
    waiting.add(then);
    if (!asking) {
      asking = true;
      ask();
    }
  }

  /// A marker was written or met.
  void met(Markers.Trim marker) {
    if (marker.number() == markers + 1) {
      markers = marker.number();
      slot = Math.max(slot, marker.slot());
    }
  }

  private void ask() {
    long number = markers + 1;
    long nanos = clock.nanoTime();
    long millis = clock.wallMillis();
    Reply.ofMarker(store, log, number, mailbox, reply -> answered(number, nanos, millis, reply));
  }

  private void answered(long number, long nanos, long millis, Reply<Markers.Trim> reply) {
    switch (reply) {
      case Reply.Failed(var why) -> end(Failures.unavailable("asking where the log begins", why));
      case Reply.Damaged(var why) -> end(why);
      case Reply.Found(var marker) -> {
        met(marker);
        ask();
      }
      case Reply.Absent() when number != markers + 1 ->
          // One was written here meanwhile.
          ask();
      case Reply.Absent() -> {
        asked = true;
        askedNanos = nanos;
        askedMillis = millis;
        end(null);
      }
    }
  }

  private void end(@Nullable LogException why) {
    asking = false;
    var served = List.copyOf(waiting);
    waiting.clear();
    served.forEach(then -> then.accept(why));
  }
}
