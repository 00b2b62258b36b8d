package io.tidemark.simulation;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/// Everything that happens in a world, in order, as one number: two runs with the same number went
/// the same way.
final class Trace {
  /// What happens in a world.
  enum Kind {
    /// A thread goes on.
    STEP(1),
    /// A number was drawn.
    DRAW(2),
    /// Time jumped to the next alarm.
    TIME(3),
    /// A message was sent.
    SEND(4),
    /// A message arrived, or was lost.
    ARRIVE(5),
    /// A file was touched.
    DISK(6),
    /// A node crashed, started, was paused or went on.
    NODE(7),
    /// The log, a view or a client did something that matters.
    DEED(8);

    private final int number;

    Kind(int number) {
      this.number = number;
    }
  }

  private final @Nullable PrintStream text;
  private long hash = 0x243f6a8885a308d3L;
  private long events;

  Trace() {
    this(null);
  }

  /// Also prints each event, for comparing two runs that should have been the same.
  Trace(@Nullable PrintStream text) {
    this.text = text;
  }

  void add(Kind kind, long first, long second) {
    hash = mix(mix(mix(hash, kind.number), first), second);
    events++;
    if (text != null) {
      text.println(kind + " " + first + " " + second);
    }
  }

  void add(Kind kind, String what, long number) {
    add(kind, what.hashCode(), number);
    if (text != null) {
      text.println("  " + what);
    }
  }

  long hash() {
    return hash;
  }

  long events() {
    return events;
  }

  static long mix(long hash, long value) {
    long mixed = (hash ^ value) * 0x9e3779b97f4a7c15L;
    return mixed ^ (mixed >>> 29);
  }
}
