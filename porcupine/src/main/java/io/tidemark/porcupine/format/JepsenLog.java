package io.tidemark.porcupine.format;

import io.tidemark.porcupine.Event;
import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Outcome;
import io.tidemark.porcupine.model.CasRegister;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the logs of Jepsen's register test of etcd as histories of a [CasRegister].
///
/// ```text
///   INFO  jepsen.util - <process> :<invoke|ok|fail|info> :<read|write|cas> <value|[old new]|nil>
/// ```
///
/// Columns are apart by tabs or spaces. A read that fails with `:timed-out` returned without an
/// answer; what ends with `:info` never returned; a `:cas` that fails asserts that the value was
/// another.
public final class JepsenLog {
  private static final Pattern LINE =
      Pattern.compile(
          "INFO\\s+jepsen\\.util\\s+-\\s+(\\d+)\\s+:(invoke|ok|fail|info)\\s+:(read|write|cas)"
              + "\\s+(nil|-?\\d+|\\[-?\\d+ -?\\d+]|:timed-out)\\s*");

  private JepsenLog() {}

  /// Reads a log, line by line.
  ///
  /// @throws MalformedHistoryException if a line is not of this kind
  public static History<CasRegister.Input, CasRegister.Output> read(List<String> lines) {
    List<Event<CasRegister.Input, CasRegister.Output>> events = new ArrayList<>();
    Map<Integer, Integer> open = new HashMap<>();
    int operation = 0;
    for (int number = 1; number <= lines.size(); number++) {
      Matcher line = LINE.matcher(lines.get(number - 1));
      if (!line.matches()) {
        throw new MalformedHistoryException(number, "not a line of a Jepsen register log");
      }
      int process = Integer.parseInt(line.group(1));
      String value = line.group(4);
      if (line.group(2).equals("invoke")) {
        if (open.putIfAbsent(process, operation) != null) {
          throw new MalformedHistoryException(number, "process " + process + " is still waiting");
        }
        events.add(new Event.Call<>(operation++, process, input(line.group(3), value)));
      } else {
        Integer waiting = open.get(process);
        if (waiting == null) {
          throw new MalformedHistoryException(number, "process " + process + " waits for nothing");
        }
        if (!line.group(2).equals("info")) {
          // After :info the process is retired, and its call stays open for ever.
          open.remove(process);
          boolean applied = line.group(2).equals("ok");
          events.add(
              new Event.Return<>(waiting, Outcome.OK, output(line.group(3), applied, value)));
        }
      }
    }
    return History.ofEvents(events);
  }

  private static CasRegister.Input input(String function, String value) {
    return switch (function) {
      case "read" -> new CasRegister.Read();
      case "write" -> new CasRegister.Write(value);
      default -> {
        String[] pair = value.substring(1, value.length() - 1).split(" ", 2);
        yield new CasRegister.CompareAndSet(pair[0], pair[1]);
      }
    };
  }

  private static CasRegister.@Nullable Output output(
      String function, boolean applied, String value) {
    return switch (function) {
      case "read" -> applied ? new CasRegister.Value(value.equals("nil") ? null : value) : null;
      case "write" -> new CasRegister.Written();
      default -> new CasRegister.Compared(applied);
    };
  }
}
