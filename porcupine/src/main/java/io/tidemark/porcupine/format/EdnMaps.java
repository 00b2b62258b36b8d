package io.tidemark.porcupine.format;

import io.tidemark.porcupine.Event;
import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Outcome;
import io.tidemark.porcupine.model.AppendKv;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads EDN maps, one to a line, as histories of an [AppendKv].
///
/// ```text
///   {:process 0, :type :invoke, :f :append, :key "7", :value "x 0 0 y"}
///   {:process 0, :type :ok, :f :append, :key "7", :value "x 0 0 y"}
/// ```
///
/// `:type` is `:invoke`, `:ok`, `:fail` or `:info`; `:f` is `:get`, `:put` or `:append`.
public final class EdnMaps {
  private static final Pattern LINE =
      Pattern.compile(
          "\\{:process (\\d+), :type :(invoke|ok|fail|info), :f :(get|put|append), "
              + ":key \"([^\"\\\\]*)\", :value (nil|\"[^\"\\\\]*\")}\\s*");

  private EdnMaps() {}

  /// Reads a history, line by line.
  ///
  /// @throws MalformedHistoryException if a line is not of this kind
  public static History<AppendKv.Input, AppendKv.Output> read(List<String> lines) {
    List<Event<AppendKv.Input, AppendKv.Output>> events = new ArrayList<>();
    Map<Integer, Integer> open = new HashMap<>();
    int operation = 0;
    for (int number = 1; number <= lines.size(); number++) {
      Matcher line = LINE.matcher(lines.get(number - 1));
      if (!line.matches()) {
        throw new MalformedHistoryException(number, "not a map of a key-value history");
      }
      int process = Integer.parseInt(line.group(1));
      String function = line.group(3);
      String quoted = line.group(5);
      String value = quoted.equals("nil") ? "" : quoted.substring(1, quoted.length() - 1);
      if (line.group(2).equals("invoke")) {
        if (open.putIfAbsent(process, operation) != null) {
          throw new MalformedHistoryException(number, "process " + process + " is still waiting");
        }
        events.add(new Event.Call<>(operation++, process, input(function, line.group(4), value)));
      } else {
        Integer waiting = open.remove(process);
        if (waiting == null) {
          throw new MalformedHistoryException(number, "process " + process + " waits for nothing");
        }
        events.add(
            switch (line.group(2)) {
              case "ok" -> new Event.Return<>(waiting, Outcome.OK, output(function, value));
              case "fail" -> new Event.Return<>(waiting, Outcome.FAIL, null);
              default -> new Event.Return<>(waiting, Outcome.INFO, null);
            });
      }
    }
    return History.ofEvents(events);
  }

  private static AppendKv.Input input(String function, String key, String value) {
    return switch (function) {
      case "get" -> new AppendKv.Get(key);
      case "put" -> new AppendKv.Put(key, value);
      default -> new AppendKv.Append(key, value);
    };
  }

  private static AppendKv.Output output(String function, String value) {
    return function.equals("get") ? new AppendKv.Got(value) : new AppendKv.Done();
  }
}
