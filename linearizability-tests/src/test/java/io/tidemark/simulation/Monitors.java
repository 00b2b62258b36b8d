package io.tidemark.simulation;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;

/// Who waits for a monitor, and who may hold it.
final class Monitors {
  private static final int FRAMES_MAX = 12;

  private Monitors() {}

  /// Where this virtual thread is (it waits for the monitor that its first frame enters), and where
  /// each thread of the JDK is that holds a monitor now; the holder may have let go already.
  static String describe(Thread waiting) {
    var text = new StringBuilder(", at");
    append(text, waiting.getStackTrace());
    for (ThreadInfo info : ManagementFactory.getThreadMXBean().dumpAllThreads(true, false)) {
      if (info.getLockedMonitors().length > 0) {
        text.append("\n  ").append(info.getThreadName()).append(" holds");
        for (var monitor : info.getLockedMonitors()) {
          text.append(' ').append(monitor);
        }
        text.append(", at");
        append(text, info.getStackTrace());
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, StackTraceElement[] frames) {
    for (int i = 0; i < Math.min(frames.length, FRAMES_MAX); i++) {
      text.append("\n      ").append(frames[i]);
    }
  }
}
