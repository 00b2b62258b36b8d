package io.tidemark.log.remote;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.tidemark.base.Bytes;
import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import io.tidemark.log.AppendRules;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogInfo;
import io.tidemark.log.LogReader;
import io.tidemark.log.Precondition;
import io.tidemark.log.Tail;
import io.tidemark.log.remote.v1.AppendResponse;
import io.tidemark.log.remote.v1.CheckTailRequest;
import io.tidemark.log.remote.v1.CheckTailResponse;
import io.tidemark.log.remote.v1.DescribeRequest;
import io.tidemark.log.remote.v1.DescribeResponse;
import io.tidemark.log.remote.v1.Failure;
import io.tidemark.log.remote.v1.FenceRequest;
import io.tidemark.log.remote.v1.FenceResponse;
import io.tidemark.log.remote.v1.LogGrpc;
import io.tidemark.log.remote.v1.SealRequest;
import io.tidemark.log.remote.v1.SealResponse;
import io.tidemark.log.remote.v1.TrimRequest;
import io.tidemark.log.remote.v1.TrimResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A log that another process serves with [LogServer].
///
/// Opening it asks nothing: it connects in the background, and again whenever it lost the server.
/// Until the first attempt has succeeded or failed, calls wait for it; while there is no connection
/// they fail at once with [LogException.Unavailable], which for an append means *not appended*.
/// Readers wait. An append that was sent and not answered, because the connection broke or
/// `appendTimeout` passed, fails with [LogException.Indeterminate]; it is never sent again from
/// here.
///
/// A batch of very many tiny records may be too large here although its payloads are not: framing
/// and payloads together may exceed the log's `batchBytesMax` by 64 KiB at most.
///
/// The first log it meets is its log for as long as it is open. Where another answers at the same
/// address, everything fails with [LogException.Corrupt] until the right one is back.
///
/// A trim, seal or fence that failed with `Unavailable` may take effect all the same, even later:
/// the first two do no harm then, a late fence replaces a newer one.
public final class RemoteLog implements Log {
  private final RemoteLogConfig config;
  private final Clock clock;
  private final Timers timers;
  private final boolean ownsTimers;
  private final RandomGenerator random;
  private final Connection connection;
  private final Appends appends;
  private final Set<RemoteReader> readers = ConcurrentHashMap.newKeySet();

  private RemoteLog(
      RemoteLogConfig config,
      Clock clock,
      Timers timers,
      boolean ownsTimers,
      RandomGenerator random) {
    this.config = config;
    this.clock = clock;
    this.timers = timers;
    this.ownsTimers = ownsTimers;
    this.random = random;
    this.connection = new Connection(config, clock, timers, random, new LinkEvents());
    this.appends = new Appends(config, clock, timers, connection);
  }

  /// Opens the log with the machine's clock and a timer thread of its own.
  public static RemoteLog open(RemoteLogConfig config) {
    var log =
        new RemoteLog(
            config, Clock.SYSTEM, Timers.onThread("log-remote-timers"), true, new Random());
    log.connection.connect();
    return log;
  }

  /// Opens the log with these; `timers` stay the caller's, and `random`, which spreads the attempts
  /// to connect, is used from several threads.
  public static RemoteLog open(
      RemoteLogConfig config, Clock clock, Timers timers, RandomGenerator random) {
    var log = new RemoteLog(config, clock, timers, false, random);
    log.connection.connect();
    return log;
  }

  @Override
  public CompletableFuture<LogInfo> describe() {
    return new Call<DescribeResponse, LogInfo>("describe") {
      @Override
      void send(LogGrpc.LogStub stub, Link link) {
        stub.describe(DescribeRequest.getDefaultInstance(), this);
      }

      @Override
      LogInfo answer(DescribeResponse response) {
        return switch (response.getOutcomeCase()) {
          case INFO -> own(Wire.info(response.getInfo()));
          case FAILURE -> throw failure(response.getFailure());
          case OUTCOME_NOT_SET -> throw unknownAnswer();
        };
      }
    }.within(config.tailCheckTimeout());
  }

  @Override
  public CompletableFuture<Appended> append(List<Bytes> records, Precondition precondition) {
    if (records.isEmpty()) {
      throw new IllegalArgumentException("an append takes one record or more");
    }
    return appends.append(records, precondition);
  }

  @Override
  public CompletableFuture<Tail> checkTail() {
    return new Call<CheckTailResponse, Tail>("check the tail of") {
      @Override
      void send(LogGrpc.LogStub stub, Link link) {
        var request = CheckTailRequest.newBuilder().setLogId(Wire.id(link.info().id()));
        stub.checkTail(request.build(), this);
      }

      @Override
      Tail answer(CheckTailResponse response) {
        return switch (response.getOutcomeCase()) {
          case OPEN -> new Tail.Open(response.getOpen());
          case SEALED -> new Tail.Sealed(response.getSealed());
          case FAILURE -> throw failure(response.getFailure());
          case OUTCOME_NOT_SET -> throw unknownAnswer();
        };
      }
    }.within(config.tailCheckTimeout());
  }

  @Override
  public LogReader read(long from) {
    var backoff = new Backoff(random, config.reconnectDelayMax());
    var reader =
        new RemoteReader(
            config, connection, timers, backoff, AppendRules.checkFrom(from), readers::remove);
    readers.add(reader);
    if (connection.state() instanceof Connection.State.Closed) {
      reader.close(Connection.closed());
    }
    return reader;
  }

  @Override
  public CompletableFuture<Long> trim(long upTo) {
    return new Call<TrimResponse, Long>("trim") {
      @Override
      void send(LogGrpc.LogStub stub, Link link) {
        var request = TrimRequest.newBuilder().setLogId(Wire.id(link.info().id())).setUpTo(upTo);
        stub.trim(request.build(), this);
      }

      @Override
      Long answer(TrimResponse response) {
        return switch (response.getOutcomeCase()) {
          case TRIM_POINT -> response.getTrimPoint();
          case FAILURE -> throw failure(response.getFailure());
          case OUTCOME_NOT_SET -> throw unknownAnswer();
        };
      }
    }.within(config.callTimeout());
  }

  @Override
  public CompletableFuture<Tail.Sealed> seal() {
    return new Call<SealResponse, Tail.Sealed>("seal") {
      @Override
      void send(LogGrpc.LogStub stub, Link link) {
        stub.seal(SealRequest.newBuilder().setLogId(Wire.id(link.info().id())).build(), this);
      }

      @Override
      Tail.Sealed answer(SealResponse response) {
        return switch (response.getOutcomeCase()) {
          case TAIL -> new Tail.Sealed(response.getTail());
          case FAILURE -> throw failure(response.getFailure());
          case OUTCOME_NOT_SET -> throw unknownAnswer();
        };
      }
    }.within(config.callTimeout());
  }

  @Override
  public CompletableFuture<Void> fence(Bytes token) {
    return new Call<FenceResponse, Void>("fence") {
      @Override
      void send(LogGrpc.LogStub stub, Link link) {
        var request =
            FenceRequest.newBuilder()
                .setLogId(Wire.id(link.info().id()))
                .setToken(Wire.bytes(token));
        stub.fence(request.build(), this);
      }

      @Override
      @SuppressWarnings("NullAway") // Void has no other value
      Void answer(FenceResponse response) {
        if (response.hasFailure()) {
          throw failure(response.getFailure());
        }
        return null;
      }
    }.within(config.callTimeout());
  }

  @Override
  public void close() {
    connection.close();
    readers.forEach(reader -> reader.close(Connection.closed()));
    if (ownsTimers) {
      timers.close();
    }
  }

  private final class LinkEvents implements Connection.Events {
    @Override
    public void up(Link link) {
      appends.send(link);
      readers.forEach(RemoteReader::connected);
    }

    @Override
    public void replied(Link link, AppendResponse response) {
      appends.replied(link, response);
    }

    @Override
    public void ready(Link link) {
      appends.send(link);
    }

    @Override
    public void ended(Link link, LogException cause) {
      appends.ended(link, cause);
      if (cause instanceof LogException.Corrupt) {
        readers.forEach(RemoteReader::disturb);
      }
    }
  }

  /// One request and its one answer, both after the call was made: nothing is remembered.
  private abstract class Call<R, A> implements StreamObserver<R> {
    private final String verb;
    private final long beganNanos = clock.nanoTime();
    private final CompletableFuture<A> future = new CompletableFuture<>();
    private @Nullable Link link;
    private @Nullable R response;

    Call(String verb) {
      this.verb = verb;
    }

    abstract void send(LogGrpc.LogStub stub, Link link);

    /// The answer in a response, or throws its failure.
    abstract A answer(R response);

    final CompletableFuture<A> within(Duration timeout) {
      var _ =
          connection
              .link()
              .whenComplete((up, failed) -> {
                if (up == null) {
                  future.completeExceptionally(
                      failed instanceof CompletionException wrapped && wrapped.getCause() != null
                          ? wrapped.getCause()
                          : failed);
                  return;
                }
                link = up;
                long leftNanos = timeout.toNanos() - (clock.nanoTime() - beganNanos);
                send(up.stub().withDeadlineAfter(leftNanos, TimeUnit.NANOSECONDS), up);
              });
      return future;
    }

    final LogInfo own(LogInfo info) {
      if (!info.id().equals(asked().info().id())) {
        throw Wire.wrongLog(config.address(), info.id().toString());
      }
      return info;
    }

    final LogException failure(Failure failure) {
      return Wire.exception(failure, 0, config.address()).orElseGet(this::unknownAnswer);
    }

    final LogException unknownAnswer() {
      return unavailable("it answered in a way unknown here", null);
    }

    private LogException unavailable(String why, @Nullable Throwable cause) {
      return new LogException.Unavailable(
          "cannot " + verb + " the log at " + config.address() + ": " + why, cause);
    }

    @Override
    public void onNext(R message) {
      asked().heard();
      response = message;
    }

    @Override
    public void onError(Throwable thrown) {
      Link over = asked();
      boolean late = Status.fromThrowable(thrown).getCode() == Status.Code.DEADLINE_EXCEEDED;
      boolean silent = over.heardNanos() - beganNanos < 0;
      LogException failure = unavailable(Wire.describe(thrown), thrown);
      future.completeExceptionally(failure);
      if (late && silent) {
        // Nothing at all came since: the other end is gone or hangs, and only a new connection can
        // tell which.
        connection.ended(over, failure);
      }
    }

    @Override
    public void onCompleted() {
      R message = response;
      if (message == null) {
        future.completeExceptionally(unknownAnswer());
        return;
      }
      try {
        future.complete(answer(message));
      } catch (LogException failure) {
        future.completeExceptionally(failure);
      }
    }

    private Link asked() {
      return java.util.Objects.requireNonNull(link);
    }
  }
}
