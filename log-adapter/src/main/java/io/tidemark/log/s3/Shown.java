package io.tidemark.log.s3;

import io.tidemark.log.LogException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What the log's mailbox shows to readers in their own threads: how far the log is known, and the
/// newest slots themselves, as far as memory is for them.
final class Shown {
  /// What a reader meets at its place.
  sealed interface Sight {
    /// These slots, the first of them at its place; one or more.
    record Slots(List<Slot.Judged> slots) implements Sight {}

    /// Slots that must be fetched, up to this one and without it.
    record Fetch(long upTo) implements Sight {}
  }

  private final long recentBytesMax;
  private final Runnable onReaderAtTail;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All guarded by the lock. The newest slots end where `next` begins.
  private final ArrayDeque<Slot.Judged> recent = new ArrayDeque<>();
  private long recentBytes;
  private long next;
  private long trimSlot;
  private long sealSlot = -1;
  private int atTail;
  private @Nullable LogException closed;

  // Why the log cannot be followed beyond `next`, and how often that was seen.
  private @Nullable LogException damage;
  private long damages;

  Shown(long recentBytesMax, Runnable onReaderAtTail) {
    this.recentBytesMax = recentBytesMax;
    this.onReaderAtTail = onReaderAtTail;
  }

  /// The log goes on with this slot.
  void add(Slot.Judged judged) {
    lock.lock();
    try {
      if (judged.counts() && judged.slot().content() instanceof Slot.Content.Seal) {
        sealSlot = judged.slot().number();
        changed.signalAll();
        return;
      }
      recent.add(judged);
      recentBytes += bytes(judged);
      while (recentBytes > recentBytesMax && recent.size() > 1) {
        recentBytes -= bytes(recent.remove());
      }
      next = judged.slot().number() + 1;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The log begins at `trim`, and every slot before `upTo` is there; what lies between is not in
  /// memory.
  void jump(long trim, long upTo) {
    lock.lock();
    try {
      trimSlot = trim;
      if (next != upTo) {
        recent.clear();
        recentBytes = 0;
        next = upTo;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The log cannot be followed any further: whoever waits for more is told why. Who comes later is
  /// told when it is seen again, for it may have been mended meanwhile.
  void damaged(LogException why) {
    lock.lock();
    try {
      damage = why;
      damages++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void close(LogException why) {
    lock.lock();
    try {
      closed = why;
      recent.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Lets every reader look again.
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Whether a reader waits for more.
  boolean isReaderAtTail() {
    lock.lock();
    try {
      return atTail > 0;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there is something at this place.
  ///
  /// @param isClosed whether the reader was closed
  /// @throws LogException.Corrupt if what stands at this place is damaged
  Sight await(long place, BooleanSupplier isClosed) throws InterruptedException {
    long slot = Positions.slot(place);
    lock.lockInterruptibly();
    boolean waits = false;
    long damagesBefore = damages;
    try {
      while (true) {
        if (closed != null) {
          throw closed;
        }
        if (isClosed.getAsBoolean()) {
          throw new LogException.Closed("the reader");
        }
        if (slot < trimSlot) {
          throw new LogException.Trimmed(place, Positions.of(trimSlot));
        }
        if (sealSlot >= 0 && slot >= sealSlot) {
          throw new LogException.Sealed(Positions.of(sealSlot));
        }
        if (slot < next) {
          return sight(slot);
        }
        if (damage != null && damages > damagesBefore) {
          throw damage;
        }
        if (!waits) {
          waits = true;
          atTail++;
          // Not with the lock: it may do other work of the mailbox, too.
          lock.unlock();
          try {
            onReaderAtTail.run();
          } finally {
            lock.lock();
          }
          continue;
        }
        changed.await();
      }
    } finally {
      if (waits) {
        atTail--;
      }
      lock.unlock();
    }
  }

  private Sight sight(long slot) {
    Slot.Judged first = recent.peek();
    if (first == null) {
      return new Sight.Fetch(next);
    }
    if (slot < first.slot().number()) {
      return new Sight.Fetch(first.slot().number());
    }
    var slots = new ArrayList<Slot.Judged>();
    for (Slot.Judged judged : recent) {
      if (judged.slot().number() >= slot) {
        slots.add(judged);
      }
    }
    return new Sight.Slots(slots);
  }

  private static long bytes(Slot.Judged judged) {
    return 128 + SlotCodec.bodyBytes(judged.records());
  }
}
