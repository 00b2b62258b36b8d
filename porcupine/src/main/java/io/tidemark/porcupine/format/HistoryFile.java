package io.tidemark.porcupine.format;

import io.tidemark.porcupine.Fault;
import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Histories as JSON lines: one operation to a line, after a line that says what follows.
///
/// ```text
///   {"format":"tidemark-history","version":1}
///   {"client":0,"call":10,"return":20,"outcome":"OK","input":{"type":"Read","key":"k"},
///    "output":{"text":"a"},"metadata":{"replica":"2"}}                          (on one line)
///   {"client":1,"call":15,"outcome":"INFO","input":{"type":"Write","key":"k","value":"b"}}
/// ```
///
/// `return` is missing exactly if the outcome is `INFO`; `output` and `metadata` may be missing.
/// What was done to the system meanwhile may stand in lines of its own, before the operations:
///
/// ```text
///   {"fault":"kill","from":12,"to":17,"text":"replica 2"}
/// ```
///
/// @param <I> the input of a call
/// @param <O> the answer to a call
public final class HistoryFile<I, O> {
  private static final String FORMAT = "tidemark-history";
  private static final long VERSION = 1;

  private final RecordCodec<I> inputs;
  private final RecordCodec<O> outputs;

  /// The format for these inputs and outputs; see [RecordCodec] for what they may be.
  public HistoryFile(Class<I> inputs, Class<O> outputs) {
    this.inputs = RecordCodec.of(inputs);
    this.outputs = RecordCodec.of(outputs);
  }

  /// What a file holds.
  ///
  /// @param history the history
  /// @param faults what was done to the system meanwhile
  /// @param <I> the input of a call
  /// @param <O> the answer to a call
  public record Contents<I, O>(History<I, O> history, List<Fault> faults) {
    /// Copies the list.
    public Contents {
      faults = List.copyOf(faults);
    }
  }

  /// Writes a history; the caller closes.
  public void write(History<I, O> history, Writer to) throws IOException {
    write(history, List.of(), to);
  }

  /// Writes a history and what was done to the system meanwhile; the caller closes.
  public void write(History<I, O> history, List<Fault> faults, Writer to) throws IOException {
    StringBuilder line = new StringBuilder();
    Json.write(header(), line);
    to.append(line).append('\n');
    for (Fault fault : faults) {
      line.setLength(0);
      Json.write(toJson(fault), line);
      to.append(line).append('\n');
    }
    for (Operation<I, O> operation : history.operations()) {
      line.setLength(0);
      Json.write(toJson(operation), line);
      to.append(line).append('\n');
    }
  }

  /// Reads a history, without what was done to the system; the caller closes.
  ///
  /// @throws MalformedHistoryException if it is not one of this kind
  public History<I, O> read(BufferedReader from) throws IOException {
    return readAll(from).history();
  }

  /// Reads a history and what was done to the system meanwhile; the caller closes.
  ///
  /// @throws MalformedHistoryException if it is not one of this kind
  public Contents<I, O> readAll(BufferedReader from) throws IOException {
    String line = from.readLine();
    if (line == null || !header().equals(object(1, line))) {
      throw new MalformedHistoryException(1, "expected " + header());
    }
    List<Operation<I, O>> operations = new ArrayList<>();
    List<Fault> faults = new ArrayList<>();
    int number = 2;
    for (line = from.readLine(); line != null; line = from.readLine()) {
      try {
        Map<?, ?> json = object(number, line);
        if (json.containsKey("fault")) {
          faults.add(fault(json));
        } else {
          operations.add(fromJson(json));
        }
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw new MalformedHistoryException(number, String.valueOf(e.getMessage()));
      }
      number++;
    }
    return new Contents<>(History.of(operations), faults);
  }

  private static Map<String, Object> toJson(Fault fault) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("fault", fault.kind());
    json.put("from", fault.from());
    json.put("to", fault.to());
    json.put("text", fault.text());
    return json;
  }

  private static Fault fault(Map<?, ?> json) {
    if (!json.keySet().equals(Set.of("fault", "from", "to", "text"))) {
      throw new IllegalArgumentException("a fault has other members: " + json.keySet());
    }
    return new Fault(
        number(json, "from"),
        number(json, "to"),
        String.valueOf(json.get("fault")),
        String.valueOf(json.get("text")));
  }

  private static Map<String, Object> header() {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("format", FORMAT);
    header.put("version", VERSION);
    return header;
  }

  private Map<String, @Nullable Object> toJson(Operation<I, O> operation) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("client", operation.client());
    json.put("call", operation.call());
    if (operation.ret() != Operation.NEVER) {
      json.put("return", operation.ret());
    }
    json.put("outcome", operation.outcome().name());
    json.put("input", inputs.toJson(operation.input()));
    if (operation.output() != null) {
      json.put("output", outputs.toJson(operation.output()));
    }
    if (!operation.metadata().isEmpty()) {
      json.put("metadata", new TreeMap<>(operation.metadata()));
    }
    return json;
  }

  private Operation<I, O> fromJson(Map<?, ?> json) {
    for (Object key : json.keySet()) {
      if (!List.of("client", "call", "return", "outcome", "input", "output", "metadata")
          .contains(key)) {
        throw new IllegalArgumentException("unknown member " + key);
      }
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    if (json.get("metadata") instanceof Map<?, ?> notes) {
      notes.forEach((key, value) -> metadata.put((String) key, String.valueOf(value)));
    }
    Object output = json.get("output");
    return new Operation<>(
        -1,
        Math.toIntExact(number(json, "client")),
        inputs.fromJson(json.get("input")),
        output == null ? null : outputs.fromJson(output),
        number(json, "call"),
        json.containsKey("return") ? number(json, "return") : Operation.NEVER,
        Outcome.valueOf(String.valueOf(json.get("outcome"))),
        metadata);
  }

  private static long number(Map<?, ?> json, String name) {
    if (json.get(name) instanceof Long number) {
      return number;
    }
    throw new IllegalArgumentException(name + " is not a whole number");
  }

  private static Map<?, ?> object(int number, String line) {
    try {
      if (Json.read(line) instanceof Map<?, ?> map) {
        return map;
      }
    } catch (IllegalArgumentException e) {
      throw new MalformedHistoryException(number, String.valueOf(e.getMessage()));
    }
    throw new MalformedHistoryException(number, "not an object");
  }
}
