package io.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Books of what was appended and how each append ended, to be compared with what the log holds.
/// Any thread may append through it.
///
/// Every record says which append it belongs to and its place therein, so that a record that was
/// lost, doubled, torn off its batch or moved is found.
public final class LogAudit {
  private final Collection<Attempt> attempts = new ConcurrentLinkedQueue<>();
  private final String padding;

  /// Books of small records.
  public LogAudit() {
    this(0);
  }

  /// Books of records that are this much longer.
  public LogAudit(int paddingBytes) {
    padding = "p".repeat(paddingBytes);
  }

  private record Attempt(String name, int size, CompletableFuture<Appended> future) {}

  /// One append through the log and into the books.
  ///
  /// @param name unique among the appends of this audit
  public CompletableFuture<Appended> append(
      Log log, String name, int size, Precondition precondition) {
    List<Bytes> batch = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      batch.add(record(name, i, size));
    }
    CompletableFuture<Appended> future = log.append(batch, precondition);
    attempts.add(new Attempt(name, size, future));
    return future;
  }

  /// One append that nobody waits for, as [#append].
  public void send(Log log, String name, int size, Precondition precondition) {
    var _ = append(log, name, size, precondition);
  }

  /// Waits until every append has ended, so that the log holds whatever it will.
  public void settle() {
    attempts.forEach(LogAudit::outcome);
  }

  /// How many appends ended in this way: `Appended` or the simple name of a failure.
  public long count(String outcome) {
    return attempts.stream().filter(attempt -> outcome.equals(outcome(attempt))).count();
  }

  /// Compares the books with everything the log holds from its beginning: what was acknowledged is
  /// there, where it was said to be; what failed definitely is not; what may have been appended is
  /// there once or not at all; batches are whole and adjacent; positions rise.
  public void check(List<LogRecord> records) {
    check(records, Log.START);
  }

  /// Compares the books with everything the log holds from its trim point; as above.
  public void check(List<LogRecord> records, long trimPoint) {
    Map<String, Long> found = batches(records);
    for (Attempt attempt : attempts) {
      Long first = found.remove(attempt.name);
      String outcome = outcome(attempt);
      switch (outcome) {
        case "Appended" -> {
          Appended where = attempt.future.join();
          if (where.next() <= trimPoint) {
            continue;
          }
          assertThat(first).as("acknowledged append %s", attempt.name).isEqualTo(where.first());
          long end = where.first() + attempt.size;
          assertThat(where.next()).as(attempt.name).isGreaterThanOrEqualTo(end);
          assertThat(records)
              .as("records between the end of %s and its next position", attempt.name)
              .noneMatch(record -> end <= record.position() && record.position() < where.next());
        }
        case "Indeterminate" -> {}
        default -> assertThat(first).as("%s append %s", outcome, attempt.name).isNull();
      }
    }
    assertThat(found).as("records nobody appended").isEmpty();
  }

  /// Checks, where one thread appended through one log, that of what was not refused the log holds
  /// the first so many, without a hole.
  public void checkPrefix(List<LogRecord> records, long trimPoint) {
    Map<String, Long> found = batches(records);
    String missing = null;
    for (Attempt attempt : attempts) {
      String outcome = outcome(attempt);
      boolean trimmed = outcome.equals("Appended") && attempt.future.join().next() <= trimPoint;
      if (found.containsKey(attempt.name)) {
        assertThat(missing).as("there is %s, so there is what was before", attempt.name).isNull();
      } else if (!trimmed && (outcome.equals("Appended") || outcome.equals("Indeterminate"))) {
        missing = attempt.name;
      }
    }
  }

  private Bytes record(String name, int index, int size) {
    return Bytes.utf8(name + "/" + index + "/" + size + "/" + padding);
  }

  private Map<String, Long> batches(List<LogRecord> records) {
    Map<String, Long> found = new HashMap<>();
    int at = 0;
    long position = Log.START - 1;
    while (at < records.size()) {
      LogRecord head = records.get(at);
      String[] parts = head.payload().utf8().split("/", -1);
      int size = Integer.parseInt(parts[2]);
      assertThat(found.put(parts[0], head.position())).as("doubled %s", parts[0]).isNull();
      for (int i = 0; i < size; i++, at++) {
        assertThat(at).as("the batch %s is whole", parts[0]).isLessThan(records.size());
        LogRecord part = records.get(at);
        assertThat(part.payload()).isEqualTo(record(parts[0], i, size));
        assertThat(part.position()).as("positions rise").isGreaterThan(position);
        position = part.position();
      }
    }
    return found;
  }

  private static String outcome(Attempt attempt) {
    try {
      LogCalls.await(attempt.future);
      return "Appended";
    } catch (LogException.Indeterminate _) {
      return "Indeterminate";
    } catch (LogException failure) {
      assertThat(failure.side()).isEqualTo(LogException.Side.NOT_APPENDED);
      return failure.getClass().getSimpleName();
    } catch (CompletionException stop) {
      throw new AssertionError("interrupted", stop);
    }
  }
}
