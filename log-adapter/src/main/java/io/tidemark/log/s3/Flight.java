package io.tidemark.log.s3;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.s3.Gathering.Crowd;
import java.util.Iterator;
import java.util.List;

/// A slot that was sent, in the log's mailbox.
final class Flight {
  final Slot slot;

  /// What every attempt sends: the same bytes to the same slot.
  final Bytes object;

  /// What its records are part of, in order; none for a word about the log itself.
  final List<Append> appends;

  /// When it was sent first.
  final long beganNanos;

  /// Whether the object is known to be in the store.
  boolean landed;

  /// Whether an attempt ended, or is under way, of which nobody knows what it did.
  boolean undecided;

  /// Whether its chain is broken: it is void, wherever its requests end.
  boolean abandoned;

  int attempts;

  Flight(Slot slot, Bytes object, List<Append> appends, long beganNanos) {
    this.slot = slot;
    this.object = object;
    this.appends = List.copyOf(appends);
    this.beganNanos = beganNanos;
  }

  long number() {
    return slot.number();
  }

  /// Whose appends it carries.
  ///
  /// @param isAwaited whether more appends wait to be sent
  Crowd crowd(boolean isAwaited) {
    if (appends.stream().anyMatch(append -> append.fromPeer)) {
      return Crowd.SHARED;
    }
    return isAwaited || records() > 1 ? Crowd.OWN : Crowd.NONE;
  }

  /// How many records it carries.
  long records() {
    return appends.stream().mapToLong(append -> append.records.size()).sum();
  }

  /// Tells each of its appends where it is.
  void acknowledge() {
    int index = 0;
    for (Iterator<Append> each = appends.iterator(); each.hasNext(); ) {
      Append append = each.next();
      long first = Positions.of(number(), index);
      index += append.records.size();
      long next = each.hasNext() ? Positions.of(number(), index) : Positions.of(number() + 1);
      append.answer.complete(new Appended(first, next));
    }
  }
}
