package io.tidemark.devs3;

import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What the endpoint was asked, as a bill would list it. Any thread may call.
public final class Counts {
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  Counts() {}

  void request(S3Request request) {
    add("requests." + request.operation().title(), 1);
    add("bytes.received", request.body().length());
  }

  void answer(S3Request request, int status, long bytes) {
    add("answers." + request.operation().title() + "." + status, 1);
    add("bytes.sent", bytes);
  }

  /// How many requests there were for this operation, refused ones and those that got lost
  /// included.
  public long requests(Operation operation) {
    return get("requests." + operation.title());
  }

  /// How many answers there were to this operation with this status.
  public long answers(Operation operation, int status) {
    return get("answers." + operation.title() + "." + status);
  }

  /// Every count by name: `requests.PutObject`, `answers.PutObject.412`, `bytes.received`,
  /// `bytes.sent`, the bytes being those of bodies.
  public SequencedMap<String, Long> all() {
    var all = new TreeMap<String, Long>();
    counts.forEach((name, count) -> all.put(name, count.sum()));
    return all;
  }

  private long get(String name) {
    LongAdder count = counts.get(name);
    return count == null ? 0 : count.sum();
  }

  private void add(String name, long more) {
    counts.computeIfAbsent(name, _ -> new LongAdder()).add(more);
  }
}
