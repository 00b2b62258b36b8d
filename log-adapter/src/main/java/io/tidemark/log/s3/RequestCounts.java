package io.tidemark.log.s3;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/// How many requests a store was sent, as a bill would list them. Any thread may call.
public final class RequestCounts {
  /// What a request is billed as.
  public enum Kind {
    /// Writes one object, or finds that it is there.
    PUT,
    /// Reads one object, or finds that it is not there.
    GET,
    /// Names up to 1,000 objects.
    LIST,
    /// Deletes up to 1,000 objects.
    DELETE
  }

  /// The counts of one kind.
  ///
  /// @param requests that were sent, whatever became of them
  /// @param failures that were answered with an error of the store or not at all; what was there or
  ///   was missing is none
  /// @param throttled failures by which the store asked for fewer requests
  /// @param bytesSent of the objects in these requests
  /// @param bytesReceived of the objects in their answers
  public record Count(
      long requests, long failures, long throttled, long bytesSent, long bytesReceived) {}

  private static final class Adders {
    final LongAdder requests = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder throttled = new LongAdder();
    final LongAdder bytesSent = new LongAdder();
    final LongAdder bytesReceived = new LongAdder();
  }

  private final Map<Kind, Adders> kinds = new EnumMap<>(Kind.class);

  /// All at zero.
  public RequestCounts() {
    for (Kind kind : Kind.values()) {
      kinds.put(kind, new Adders());
    }
  }

  /// The counts of this kind as they are now.
  public Count of(Kind kind) {
    Adders adders = adders(kind);
    return new Count(
        adders.requests.sum(),
        adders.failures.sum(),
        adders.throttled.sum(),
        adders.bytesSent.sum(),
        adders.bytesReceived.sum());
  }

  void sent(Kind kind, long bytes) {
    adders(kind).requests.increment();
    adders(kind).bytesSent.add(bytes);
  }

  void received(Kind kind, long bytes) {
    adders(kind).bytesReceived.add(bytes);
  }

  void failed(Kind kind, boolean throttled) {
    adders(kind).failures.increment();
    if (throttled) {
      adders(kind).throttled.increment();
    }
  }

  private Adders adders(Kind kind) {
    return Objects.requireNonNull(kinds.get(kind));
  }
}
