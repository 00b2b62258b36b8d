package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.base.Timers;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogInfo;
import io.tidemark.log.LogReader;
import io.tidemark.log.LogRecord;
import io.tidemark.log.Precondition;
import io.tidemark.log.Tail;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A log on another machine, used over the simulated network with the promises of the remote
/// provider: without a connection calls fail at once, which for an append means *not appended*; an
/// append that was sent and not answered is *maybe appended*, and may land long after; a tail check
/// asks anew; readers wait and go on where they were.
final class SimRemoteLog implements Log {
  /// How long to wait for what.
  record Patience(
      Duration connect,
      Duration call,
      Duration append,
      Duration reconnectMax,
      int outstandingMax) {}

  private final SimNet net;
  private final SimNode.Life life;
  private final SimLogHost host;
  private final Patience patience;
  private final Probes probes;
  private final Timers timers;
  private final SimRandom random;
  private final List<Reader> readers = new ArrayList<>();

  private @Nullable Link link;
  private int attempt;
  private int readerNumber;
  private boolean closed;

  SimRemoteLog(SimNet net, SimNode.Life life, SimLogHost host, Patience patience, Probes probes) {
    this.probes = probes;
    this.net = net;
    this.life = life;
    this.host = host;
    this.patience = patience;
    this.timers = life.timers();
    this.random = life.node().world().random("remote log of " + life.node());
    connect();
  }

  @Override
  public CompletableFuture<LogInfo> describe() {
    return call(Log::describe, patience.call, false);
  }

  @Override
  public CompletableFuture<Appended> append(List<Bytes> records, Precondition precondition) {
    return call(log -> log.append(records, precondition), patience.append, true);
  }

  @Override
  public CompletableFuture<Tail> checkTail() {
    return call(Log::checkTail, patience.call, false);
  }

  @Override
  public CompletableFuture<Long> trim(long upTo) {
    return call(log -> log.trim(upTo), patience.call, false);
  }

  @Override
  public CompletableFuture<Tail.Sealed> seal() {
    return call(Log::seal, patience.call, false);
  }

  @Override
  public CompletableFuture<Void> fence(Bytes token) {
    return call(log -> log.fence(token), patience.call, false);
  }

  private <T> CompletableFuture<T> call(
      Function<Log, CompletableFuture<T>> made, Duration timeout, boolean append) {
    life.node().world().mayYield();
    Link up = link;
    if (closed) {
      return CompletableFuture.failedFuture(new LogException.Closed("the remote log"));
    }
    if (up == null) {
      return CompletableFuture.failedFuture(away("not connected"));
    }
    if (up.pending.size() >= patience.outstandingMax) {
      return CompletableFuture.failedFuture(
          new LogException.Overloaded("too many calls are not answered"));
    }
    return up.call(made, timeout, append);
  }

  private static LogException away(String why) {
    return new LogException.Unavailable("the simulated log: " + why, null);
  }

  @Override
  public LogReader read(long from) {
    var reader = new Reader(++readerNumber, from);
    readers.add(reader);
    return reader;
  }

  @Override
  public void close() {
    closed = true;
    timers.close();
    Link up = link;
    if (up != null) {
      up.end("closed");
    }
    List.copyOf(readers).forEach(Reader::close);
  }

  private void connect() {
    if (closed || link != null) {
      return;
    }
    int mine = ++attempt;
    net.send(
        life.node(),
        host.node(),
        "connect",
        () -> {
          Log served = host.log();
          if (served != null) {
            accept(served, mine);
          }
        });
    timers.after(
        patience.connect,
        () -> {
          if (attempt == mine && link == null) {
            connect();
          }
        });
  }

  // On the log's machine.
  private void accept(Log served, int mine) {
    SimNode.Life there = host.node().life();
    var requests = net.pipe(life.node(), there);
    var replies = net.pipe(host.node(), life);
    var session = new SimLogHost.Session(there, served, replies);
    var made = new Link(requests, replies, session, there);
    life.node().onCrash(() -> there.after(random.nanosBetween(0, 50), session::end));
    host.onEnd(() -> life.after(random.nanosBetween(0, 50), () -> made.end("reset")));
    replies.send(
        "accepted",
        () -> {
          if (attempt == mine && link == null && !closed && !made.over) {
            link = made;
            List.copyOf(readers).forEach(Reader::wake);
          } else {
            made.end("too late");
          }
        });
  }

  private void ended(Link over) {
    if (link == over) {
      link = null;
      List.copyOf(readers).forEach(Reader::wake);
      if (!closed) {
        long millis = random.nextLong(patience.reconnectMax.toMillis() + 1);
        timers.after(Duration.ofMillis(millis), this::connect);
      }
    }
  }

  /// One connection.
  private final class Link {
    private final SimNet.Pipe requests;
    private final SimNet.Pipe replies;
    private final SimLogHost.Session session;
    private final SimNode.Life there;
    private final Map<Long, Pending<?>> pending = new LinkedHashMap<>();
    private long numbers;
    private boolean over;

    Link(
        SimNet.Pipe requests, SimNet.Pipe replies, SimLogHost.Session session, SimNode.Life there) {
      this.requests = requests;
      this.replies = replies;
      this.session = session;
      this.there = there;
    }

    <T> CompletableFuture<T> call(
        Function<Log, CompletableFuture<T>> made, Duration timeout, boolean append) {
      long number = ++numbers;
      var call = new Pending<T>(append);
      pending.put(number, call);
      requests.send(
          "request",
          () ->
              session.call(
                  made,
                  (value, failure) -> {
                    if (!over && pending.remove(number) != null) {
                      call.end(value, failure);
                    }
                  }));
      timers.after(
          timeout,
          () -> {
            if (!over && pending.containsKey(number)) {
              // Nobody can tell whether the other side is gone or slow.
              if (append || random.nextBoolean()) {
                end("no answer in time");
              } else {
                pending.remove(number);
                call.end(null, away("no answer in time"));
              }
            }
          });
      return call.future;
    }

    void end(String why) {
      if (over) {
        return;
      }
      over = true;
      life.node().world().trace().add(Trace.Kind.DEED, "connection over", life.node().number());
      requests.cut(0.5);
      replies.cut(0);
      there.after(random.nanosBetween(0, 2_000), session::end);
      ended(this);
      var failed = List.copyOf(pending.values());
      pending.clear();
      for (Pending<?> call : failed) {
        call.end(
            null,
            call.append
                ? new LogException.Indeterminate("the simulated log: " + why, null)
                : away(why));
      }
    }
  }

  private static final class Pending<T> {
    private final boolean append;
    private final CompletableFuture<T> future = new CompletableFuture<>();

    Pending(boolean append) {
      this.append = append;
    }

    // A fence answers with nothing, which is what a future of nothing completes with.
    @SuppressWarnings("NullAway")
    void end(@Nullable T value, @Nullable LogException failure) {
      if (failure == null) {
        future.complete(value);
      } else {
        future.completeExceptionally(failure);
      }
    }
  }

  private final class Reader implements LogReader {
    private final int number;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<SimLogHost.Passed> received = new ArrayDeque<>();
    private long receivedUpTo;
    private long place;
    private boolean readerClosed;
    private @Nullable LogException failure;

    // The connection over which records came last.
    private @Nullable Link served;

    // The connection over which it was asked for more, and how often.
    private @Nullable Link asked;
    private int asks;

    Reader(int number, long from) {
      this.number = number;
      this.receivedUpTo = from;
      this.place = from;
    }

    @Override
    public List<LogRecord> next() throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while (true) {
          if (readerClosed) {
            throw new LogException.Closed("the reader");
          }
          SimLogHost.Passed passed = received.poll();
          if (passed != null) {
            place = passed.next();
            return passed.records();
          }
          LogException thrown = failure;
          if (thrown != null) {
            failure = null;
            throw thrown;
          }
          Link up = link;
          if (up != null && asked != up) {
            ask(up);
          }
          changed.await();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public long position() {
      return place;
    }

    private void ask(Link up) {
      asked = up;
      int ask = ++asks;
      long from = receivedUpTo;
      up.requests.send(
          "read",
          () ->
              up.session.read(
                  number,
                  from,
                  (passed, why) -> {
                    if (!up.over && asks == ask) {
                      if (passed != null && served != null && served != up) {
                        probes.met(Probe.READER_WENT_ON);
                      }
                      served = passed == null ? served : up;
                      answered(passed, why);
                    }
                  }));
    }

    private void answered(SimLogHost.@Nullable Passed passed, @Nullable LogException why) {
      lock.lock();
      try {
        asked = null;
        if (why instanceof LogException.Unavailable) {
          timers.after(patience.reconnectMax, this::wake);
          return;
        }
        failure = why;
        if (passed != null) {
          for (LogRecord record : passed.records()) {
            if (record.position() < receivedUpTo) {
              throw new AssertionError(
                  "read " + record.position() + " after " + (receivedUpTo - 1));
            }
            receivedUpTo = record.position() + 1;
          }
          receivedUpTo = passed.next();
          received.add(passed);
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    void wake() {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (readerClosed) {
          return;
        }
        readerClosed = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      readers.remove(this);
      Link up = link;
      if (up != null) {
        up.requests.send("stop reading", () -> up.session.closeReader(number));
      }
    }
  }
}
