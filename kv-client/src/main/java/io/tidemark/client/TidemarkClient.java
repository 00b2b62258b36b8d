package io.tidemark.client;

import io.tidemark.base.Bytes;
import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// A Tidemark database, as one or more of its servers show it. Any thread may call; one client
/// serves a whole process, and is closed at its end.
///
/// ```java
/// try (var client = TidemarkClient.builder().endpoints("a:4379", "b:4379").build()) {
///   client.put(Bytes.utf8("tide"), Bytes.utf8("high"));
///   client.get(Bytes.utf8("tide")).pair().ifPresent(pair -> show(pair.value()));
/// }
/// ```
///
/// **Retries.** What fails for a reason that may pass is sent again until the deadline, to the next
/// endpoint where the fault is the endpoint's. Every write carries a request id, so it takes effect
/// once however often it was sent, and whichever server it reached.
///
/// **Failures.** Every method fails with a [TidemarkException] and nothing else. It says whether
/// the request may have happened: where it may have, the exception is an [OutcomeUnknownException],
/// whatever the last attempt ended with.
///
/// **Time.** Every method returns by the deadline, give or take the timers' precision; a scan, each
/// of its pages. A thread that is interrupted while it waits gets [CancelledException] from a read
/// and [OutcomeUnknownException] from a write, and stays interrupted.
public final class TidemarkClient implements AutoCloseable {
  private final Core core;
  private final AsyncTidemarkClient async;

  private TidemarkClient(Core core) {
    this.core = core;
    this.async = new AsyncTidemarkClient(core);
  }

  /// A client to be, with the defaults.
  public static Builder builder() {
    return new Builder();
  }

  /// The same client, with futures. It shares everything with this one and is closed with it.
  public AsyncTidemarkClient async() {
    return async;
  }

  /// Reads one key, linearizable.
  public GetResult get(Bytes key) {
    return await(async.get(key), false);
  }

  /// Reads one key.
  public GetResult get(Bytes key, Consistency consistency) {
    return await(async.get(key, consistency), false);
  }

  /// Reads many keys at one revision; at most [ServerInfo.Limits#batchKeysMax] of them.
  public BatchGetResult batchGet(List<Bytes> keys, Consistency consistency) {
    return await(async.batchGet(keys, consistency), false);
  }

  /// Writes one key.
  public PutResult put(Bytes key, Bytes value) {
    return await(async.put(key, value), true);
  }

  /// Removes one key; one that is not there is no error.
  public DeleteResult delete(Bytes key) {
    return await(async.delete(key), true);
  }

  /// Removes every key of the range, at one revision.
  public DeleteRangeResult deleteRange(KeyRange range) {
    return await(async.deleteRange(range), true);
  }

  /// Decides on conditions and does one of two lists of operations, at one revision. Conditions
  /// that do not hold are an answer, not an error.
  public TransactResult transact(Transaction transaction) {
    return await(async.transact(transaction), true);
  }

  /// Reads the keys of a range in order, all at one revision; see [AsyncTidemarkClient#scan]. The
  /// scan begins at once; close it, or walk to its end.
  public Scan scan(ScanRequest request) {
    return new Scan(async.scan(request));
  }

  /// Tells what the server that this client now uses is, and how far it has come.
  public ServerInfo serverInfo() {
    return await(async.serverInfo(), false);
  }

  /// The highest revision that an answer to this client told; zero before the first. Another client
  /// that reads with [Consistency#atLeast] of it sees all that this one has seen.
  public long revisionSeen() {
    return core.revisionSeen();
  }

  /// Ends every request under way, with [CancelledException] or, for a write that may have
  /// happened, [OutcomeUnknownException]; and lets go of the connections.
  @Override
  public void close() {
    core.close();
  }

  private static <T> T await(CompletableFuture<T> answer, boolean isWrite) {
    try {
      return answer.get();
    } catch (ExecutionException failed) {
      Throwable why = failed.getCause();
      if (why instanceof RuntimeException known) {
        throw known;
      }
      if (why instanceof Error bug) {
        throw bug;
      }
      throw new IllegalStateException(failed);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      answer.cancel(false);
      throw isWrite
          ? new OutcomeUnknownException("the thread was interrupted", interrupt)
          : new CancelledException("the thread was interrupted", interrupt);
    }
  }

  /// What a client is to be. A builder belongs to one thread.
  public static final class Builder {
    private static final int ATTEMPTS_WITHIN_DEADLINE = 3;

    private List<String> endpoints = List.of("127.0.0.1:4379");
    private Duration deadline = Duration.ofSeconds(5);
    private @Nullable Duration attemptTimeout;
    private Duration pauseMin = Duration.ofMillis(20);
    private Duration pauseMax = Duration.ofSeconds(1);
    private int requestsMax = 4_096;
    private long requestBytesMax = 256L << 20;
    private @Nullable Seams seams;

    private Builder() {}

    /// Where the servers are, each `HOST:PORT`; at least one. The client begins with one of them
    /// drawn at random, keeps to the one that works, and goes on to the next when it does not.
    public Builder endpoints(String... addresses) {
      return endpoints(List.of(addresses));
    }

    /// See [#endpoints(String...)].
    public Builder endpoints(List<String> addresses) {
      if (addresses.isEmpty()) {
        throw new IllegalArgumentException("a client needs an endpoint");
      }
      this.endpoints = List.copyOf(addresses);
      return this;
    }

    /// How long a request may take, all its attempts together; 5 seconds unless told otherwise.
    public Builder deadline(Duration all) {
      this.deadline = positive(all);
      return this;
    }

    /// How long one attempt may take before the next is made elsewhere; a third of the deadline
    /// unless told otherwise.
    public Builder attemptTimeout(Duration one) {
      this.attemptTimeout = positive(one);
      return this;
    }

    /// The pause before a request is sent again once every endpoint was tried: it begins at `min`,
    /// doubles up to `max`, and is spread at random; 20 ms and 1 s unless told otherwise.
    public Builder pauses(Duration min, Duration max) {
      if (positive(min).compareTo(positive(max)) > 0) {
        throw new IllegalArgumentException("the least pause is beyond the longest");
      }
      this.pauseMin = min;
      this.pauseMax = max;
      return this;
    }

    /// How many requests may be under way or wait in this client at once, and how many bytes their
    /// keys and values may have together; 4,096 and 256 MiB unless told otherwise. Beyond it a
    /// request fails at once with [OverloadedException].
    public Builder underWayMax(int requests, long bytes) {
      if (requests < 1 || bytes < 1) {
        throw new IllegalArgumentException("bounds are positive");
      }
      this.requestsMax = requests;
      this.requestBytesMax = bytes;
      return this;
    }

    /// Takes time, delays and chance from there instead of from the machine.
    public Builder seams(Seams own) {
      this.seams = own;
      return this;
    }

    /// The client. It connects at its first request; an address that is not `HOST:PORT` is an
    /// `IllegalArgumentException`.
    public TidemarkClient build() {
      var settings =
          new Settings(
              endpoints,
              deadline,
              attemptTimeout == null
                  ? deadline.dividedBy(ATTEMPTS_WITHIN_DEADLINE)
                  : attemptTimeout,
              pauseMin,
              pauseMax,
              requestsMax,
              requestBytesMax);
      Seams own =
          seams == null
              ? new Seams(Clock.SYSTEM, Timers.onThread("tidemark-client-timers"), new Random())
              : seams;
      return new TidemarkClient(new Core(settings, own, seams == null));
    }

    private static Duration positive(Duration duration) {
      if (duration.isNegative() || duration.isZero()) {
        throw new IllegalArgumentException("a duration here is positive, not " + duration);
      }
      return duration;
    }
  }
}
