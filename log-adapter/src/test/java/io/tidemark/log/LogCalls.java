package io.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Calls to a log as tests want them: waited for, with a generous limit.
public final class LogCalls {
  /// Longer than any call takes on a busy machine; a test that waits this long has failed.
  public static final long LIMIT_SECONDS = 30;

  private LogCalls() {}

  /// What the future completes with; its [LogException] is thrown as it is.
  public static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof LogException known) {
        throw known;
      }
      throw new AssertionError("a log's futures fail with a LogException", failure.getCause());
    } catch (TimeoutException late) {
      throw new AssertionError("a call did not end within " + LIMIT_SECONDS + " s", late);
    } catch (InterruptedException stop) {
      throw new CompletionException(stop);
    }
  }

  /// What the future fails with, which must be of this kind.
  public static <E extends LogException> E failure(CompletableFuture<?> future, Class<E> kind) {
    try {
      Object value = await(future);
      throw new AssertionError("expected " + kind.getSimpleName() + ", got " + value);
    } catch (LogException failure) {
      assertThat(failure).isInstanceOf(kind);
      return kind.cast(failure);
    }
  }

  /// Appends these texts as one batch.
  public static Appended append(Log log, String... texts) {
    return await(log.append(batch(texts), Precondition.NONE));
  }

  /// A batch of these texts.
  public static List<Bytes> batch(String... texts) {
    return List.of(texts).stream().map(Bytes::utf8).toList();
  }

  /// Where the tail is.
  public static long tail(Log log) {
    return await(log.checkTail()).position();
  }

  /// Everything from `from` up to the tail.
  public static List<LogRecord> readToTail(Log log, long from) {
    return read(log, from, tail(log));
  }

  /// Everything from `from` up to `upTo`, which must not lie beyond the tail.
  public static List<LogRecord> read(Log log, long from, long upTo) {
    var records = new ArrayList<LogRecord>();
    try (LogReader reader = log.read(from)) {
      while (reader.position() < upTo) {
        records.addAll(next(reader));
      }
    }
    records.removeIf(read -> read.position() >= upTo);
    return records;
  }

  /// The reader's next records.
  public static List<LogRecord> next(LogReader reader) {
    try {
      return reader.next();
    } catch (InterruptedException stop) {
      throw new CompletionException(stop);
    }
  }

  /// The records' payloads as text.
  public static List<String> texts(List<LogRecord> records) {
    return records.stream().map(found -> found.payload().utf8()).toList();
  }
}
