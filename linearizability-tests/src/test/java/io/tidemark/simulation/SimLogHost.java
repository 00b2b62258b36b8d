package io.tidemark.simulation;

import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogReader;
import io.tidemark.log.LogRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The machine whose log the others use: what a log server is in production.
final class SimLogHost {
  /// What a reader returned, and where it stands then.
  record Passed(List<LogRecord> records, long next) {}

  private final SimNode node;
  private final List<Runnable> onEnd = new ArrayList<>();
  private @Nullable Log log;

  SimLogHost(SimNode node) {
    this.node = node;
  }

  SimNode node() {
    return node;
  }

  /// Serves this log, until the machine crashes.
  void serve(Log served) {
    log = served;
    node.onCrash(this::stop);
  }

  /// Serves no more, and lets go of every connection.
  void stop() {
    log = null;
    var actions = List.copyOf(onEnd);
    onEnd.clear();
    actions.forEach(Runnable::run);
  }

  /// What happens when the connection to this server is lost because the server ends.
  void onEnd(Runnable action) {
    onEnd.add(action);
  }

  /// The log that is served, or null while none is.
  @Nullable Log log() {
    return log;
  }

  /// The server's side of one connection.
  static final class Session {
    private final SimNode.Life life;
    private final Log log;
    private final SimNet.Pipe replies;
    private final Map<Integer, LogReader> readers = new HashMap<>();
    private boolean ended;

    Session(SimNode.Life life, Log log, SimNet.Pipe replies) {
      this.life = life;
      this.log = log;
      this.replies = replies;
    }

    /// Makes a call of the log, and sends back how it ended. Called in the order of the requests.
    <T> void call(
        Function<Log, CompletableFuture<T>> made,
        BiConsumer<@Nullable T, @Nullable LogException> reply) {
      var _ =
          made.apply(log)
              .whenComplete((value, failure) -> {
                LogException known = failure == null ? null : told(failure);
                replies.send("reply", () -> reply.accept(value, known));
              });
    }

    // A log that is being closed is one that is away, to those who use it from elsewhere.
    private static LogException told(Throwable failure) {
      Throwable cause = Failures.unwrap(failure);
      if (cause instanceof LogException.Closed closed) {
        return new LogException.Unavailable("the log is being closed", closed);
      }
      if (cause instanceof LogException known) {
        return known;
      }
      throw new AssertionError("a log fails with its own exceptions only", cause);
    }

    /// Reads on, in a thread of its own, and sends back the next records, or why there are none.
    void read(int reader, long place, BiConsumer<@Nullable Passed, @Nullable LogException> reply) {
      if (ended) {
        return;
      }
      LogReader open = readers.computeIfAbsent(reader, _ -> log.read(place));
      life.spawn(
          "read session",
          () -> {
            try {
              var passed = new Passed(open.next(), open.position());
              replies.send("records", () -> reply.accept(passed, null));
            } catch (LogException.Closed _) {
              // The connection or the log ended, and the other side knows or will.
            } catch (LogException failure) {
              closeReader(reader);
              replies.send("no records", () -> reply.accept(null, failure));
            } catch (InterruptedException e) {
              throw new AssertionError("nobody interrupts", e);
            }
          });
    }

    void closeReader(int reader) {
      LogReader open = readers.remove(reader);
      if (open != null) {
        open.close();
      }
    }

    /// The other side is gone.
    void end() {
      ended = true;
      readers.values().forEach(LogReader::close);
      readers.clear();
    }
  }
}
