package io.tidemark.simulation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;

/// Makes virtual threads that are scheduled by an executor of ours instead of the JDK's.
final class VirtualThreads {
  private static final Constructor<?> CONSTRUCTOR = find();
  private static final VarHandle STATE = findState();
  private static final int UNBLOCKED = findUnblocked();

  private VirtualThreads() {}

  /// A thread that has not begun. Whenever it can go on, it gives `scheduler` a task that goes on
  /// with it until it parks, yields or ends.
  static Thread create(Executor scheduler, String name, Runnable task) {
    try {
      return (Thread) CONSTRUCTOR.newInstance(scheduler, name, 0, task);
    } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
      throw new LinkageError("a virtual thread cannot be made", e);
    }
  }

  /// Whether a thread that can go on could not before because of a monitor.
  static boolean waitedForMonitor(Thread thread) {
    return (int) STATE.getVolatile(thread) == UNBLOCKED;
  }

  private static VarHandle findState() {
    try {
      Class<?> type = Class.forName("java.lang.VirtualThread");
      return MethodHandles.privateLookupIn(type, MethodHandles.lookup())
          .findVarHandle(type, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("java.lang.VirtualThread.state is not what it was in JDK 25", e);
    }
  }

  private static int findUnblocked() {
    try {
      Field found = Class.forName("java.lang.VirtualThread").getDeclaredField("UNBLOCKED");
      found.setAccessible(true);
      return found.getInt(null);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("java.lang.VirtualThread.UNBLOCKED is not what it was in JDK 25", e);
    }
  }

  // Without it there is no simulation; a test that was left out would look like one that passed.
  private static Constructor<?> find() {
    try {
      Constructor<?> found =
          Class.forName("java.lang.VirtualThread")
              .getDeclaredConstructor(Executor.class, String.class, int.class, Runnable.class);
      found.setAccessible(true);
      return found;
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new LinkageError(
          "this JDK has no java.lang.VirtualThread(Executor, String, int, Runnable), or keeps it"
              + " closed: run on JDK 25 with --add-opens java.base/java.lang=ALL-UNNAMED",
          e);
    }
  }
}
