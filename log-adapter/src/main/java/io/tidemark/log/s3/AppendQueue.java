package io.tidemark.log.s3;

import io.tidemark.log.LogException;
import java.util.ArrayDeque;
import java.util.List;

/// The appends that wait to be sent, in order and bounded. In the log's mailbox.
final class AppendQueue {
  private final int appendsMax;
  private final long bytesMax;
  private final ArrayDeque<Append> appends = new ArrayDeque<>();
  private long bytes;

  AppendQueue(int appendsMax, long bytesMax) {
    this.appendsMax = appendsMax;
    this.bytesMax = bytesMax;
  }

  boolean isEmpty() {
    return appends.isEmpty();
  }

  /// How many bytes of records wait.
  long bytes() {
    return bytes;
  }

  /// The first, which is there.
  Append first() {
    return appends.element();
  }

  /// Adds it at the end; whether there was room.
  boolean add(Append append) {
    if (!appends.isEmpty() && (appends.size() >= appendsMax || bytes + append.bytes > bytesMax)) {
      append.fail(
          new LogException.Overloaded(
              appends.size() + " appends of " + bytes + " bytes wait for the object store"));
      return false;
    }
    appends.add(append);
    bytes += append.bytes;
    return true;
  }

  /// Takes the first, which is there.
  void take() {
    bytes -= appends.remove().bytes;
  }

  /// Takes this one, wherever it is; whether it was there.
  boolean take(Append append) {
    boolean was = appends.remove(append);
    bytes -= was ? append.bytes : 0;
    return was;
  }

  /// Puts these before all others, as far as somebody still waits for them. They had room before.
  void putBack(List<Append> taken) {
    for (Append append : taken.reversed()) {
      if (!append.isOver()) {
        appends.addFirst(append);
        bytes += append.bytes;
      }
    }
  }

  /// Fails those that have waited too long.
  void expire(long nowNanos) {
    appends.removeIf(append -> {
      boolean late = append.deadlineNanos - nowNanos <= 0;
      if (late) {
        bytes -= append.bytes;
        append.fail(new LogException.Unavailable("the object store did not take it in time", null));
      }
      return late;
    });
  }

  /// Fails them all.
  void fail(LogException why) {
    var all = List.copyOf(appends);
    appends.clear();
    bytes = 0;
    all.forEach(append -> append.fail(why));
  }
}
