package io.tidemark.log.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One way of one connection: a thread that reads, a bounded queue, and a thread that delivers what
/// is due.
final class Lane {
  private static final int PIECE_BYTES = 64 << 10;
  private static final long QUEUE_BYTES_MAX = 16 << 20;
  private static final byte[] END = new byte[0];

  private static final class Piece {
    private final byte[] bytes;
    private final long dueNanos;

    Piece(byte[] bytes, long dueNanos) {
      this.bytes = bytes;
      this.dueNanos = dueNanos;
    }
  }

  private final Socket from;
  private final Socket to;
  private final FaultProxy.Traffic traffic;
  private final Connection connection;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All guarded by the lock.
  private final ArrayDeque<Piece> queue = new ArrayDeque<>();
  private long queuedBytes;
  private boolean lost;
  private boolean held;
  private boolean over;

  Lane(Socket from, Socket to, FaultProxy.Traffic traffic, Connection connection) {
    this.from = from;
    this.to = to;
    this.traffic = traffic;
    this.connection = connection;
  }

  void start() {
    Thread.ofVirtual().start(this::read);
    Thread.ofVirtual().start(this::deliver);
  }

  void rulesChanged() {
    locked(() -> {});
  }

  /// What is queued and what follows never arrives.
  void lose() {
    locked(() -> {
      lost = true;
      queue.forEach(piece -> traffic.lostBytes.addAndGet(piece.bytes.length));
      queue.clear();
      queuedBytes = 0;
    });
  }

  /// Keeps what there is and what comes, whatever the rules say, or delivers it again.
  void hold(boolean now) {
    locked(() -> held = now);
  }

  void end() {
    locked(() -> over = true);
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void read() {
    byte[] buffer = new byte[PIECE_BYTES];
    try {
      InputStream in = from.getInputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (!take(Arrays.copyOf(buffer, read))) {
          return;
        }
      }
    } catch (IOException _) {
      // The sender has gone, which is an end like another.
    } catch (InterruptedException _) {
      return;
    }
    try {
      take(END);
    } catch (InterruptedException _) {
      // Nobody interrupts the threads of a proxy; it would be over.
    }
  }

  /// Queues a piece, when there is room; returns whether the connection goes on.
  private boolean take(byte[] bytes) throws InterruptedException {
    lock.lock();
    try {
      while (!over && !lost && queuedBytes >= QUEUE_BYTES_MAX) {
        changed.await();
      }
      lost |= traffic.rules().lost();
      if (lost) {
        traffic.lostBytes.addAndGet(bytes.length);
        return !over;
      }
      if (traffic.rules().held()) {
        traffic.heldBytes.addAndGet(bytes.length);
      }
      queue.add(new Piece(bytes, System.nanoTime() + traffic.delayNanos()));
      queuedBytes += bytes.length;
      changed.signalAll();
      return !over;
    } finally {
      lock.unlock();
    }
  }

  private void deliver() {
    try {
      OutputStream out = to.getOutputStream();
      for (byte[] bytes = next(); bytes != null; bytes = next()) {
        if (bytes.length == 0) {
          connection.close();
          return;
        }
        int passing = traffic.untilCut(bytes.length);
        pace(passing);
        out.write(bytes, 0, passing);
        traffic.passedBytes.addAndGet(passing);
        if (passing < bytes.length) {
          connection.cutHere();
          return;
        }
      }
    } catch (IOException _) {
      // The receiver has gone. What it said before is for the other lane to deliver, which then
      // ends
      // the connection; what comes here is lost.
      lose();
    } catch (InterruptedException _) {
      connection.close();
    }
  }

  /// The next piece, once it is due; null when the connection is over.
  private byte @Nullable [] next() throws InterruptedException {
    lock.lock();
    try {
      while (!over) {
        Piece piece = queue.peek();
        if (piece == null || held || traffic.rules().held()) {
          changed.await();
          continue;
        }
        long wait = piece.dueNanos - System.nanoTime();
        if (wait > 0) {
          changed.awaitNanos(wait);
          continue;
        }
        queue.remove();
        queuedBytes -= piece.bytes.length;
        changed.signalAll();
        return piece.bytes;
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /// Takes as long as so many bytes take.
  private void pace(int bytes) throws InterruptedException {
    long perSecond = traffic.rules().bytesPerSecond();
    if (perSecond <= 0) {
      return;
    }
    long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(1) * bytes / perSecond;
    lock.lock();
    try {
      for (long left = untilNanos - System.nanoTime(); left > 0 && !over; ) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
