package io.tidemark.processes;

import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.Tail;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A log with a bug planted in it; which is told by the environment of the process:
///
/// - `M17`: remembers the tail for 100 ms
/// - `M30`: tells one of fifty appends that were done as one that was not
final class PlantedLog {
  /// The variable that names the bug.
  static final String BUG = "PLANTED_BUG";

  private static final long REMEMBERED_NANOS = 100_000_000;
  private static final int ONE_IN = 50;

  private PlantedLog() {}

  /// The bug that this process is to have.
  static String bug() {
    return System.getenv().getOrDefault(BUG, "NONE");
  }

  /// The log with the bug of this process, if it is one of these.
  static Log of(Log log) {
    return switch (bug()) {
      case "M17" -> planted(log, new RememberedTail());
      case "M30" -> planted(log, new DeniedAppends());
      default -> log;
    };
  }

  /// The value that follows this flag.
  static String value(String[] arguments, String flag) {
    for (int i = 0; i + 1 < arguments.length; i++) {
      if (arguments[i].equals(flag)) {
        return arguments[i + 1];
      }
    }
    throw new IllegalArgumentException(flag + " is missing");
  }

  /// Changes the answers of one method.
  private interface Planted<T> {
    String method();

    CompletableFuture<T> answer(CompletableFuture<T> real);
  }

  @SuppressWarnings("unchecked") // It is what the method returns.
  private static <T> Log planted(Log log, Planted<T> bug) {
    InvocationHandler handler =
        (_, method, arguments) -> {
          try {
            @Nullable Object answer = method.invoke(log, arguments);
            return answer != null && method.getName().equals(bug.method())
                ? bug.answer((CompletableFuture<T>) answer)
                : answer;
          } catch (InvocationTargetException thrown) {
            throw thrown.getTargetException();
          }
        };
    return (Log)
        Proxy.newProxyInstance(Log.class.getClassLoader(), new Class<?>[] {Log.class}, handler);
  }

  private static final class RememberedTail implements Planted<Tail> {
    private @Nullable CompletableFuture<Tail> remembered;
    private long sinceNanos;

    @Override
    public String method() {
      return "checkTail";
    }

    @Override
    public synchronized CompletableFuture<Tail> answer(CompletableFuture<Tail> fresh) {
      var old = remembered;
      boolean isOld = System.nanoTime() - sinceNanos >= REMEMBERED_NANOS;
      if (old == null || isOld || old.isCompletedExceptionally()) {
        remembered = fresh;
        sinceNanos = System.nanoTime();
        return fresh;
      }
      return old;
    }
  }

  private static final class DeniedAppends implements Planted<Appended> {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public String method() {
      return "append";
    }

    @Override
    public CompletableFuture<Appended> answer(CompletableFuture<Appended> appended) {
      return count.incrementAndGet() % ONE_IN == 0
          ? appended.thenCompose(
              _ -> CompletableFuture.failedFuture(new LogException.Unavailable("denied", null)))
          : appended;
    }
  }
}
