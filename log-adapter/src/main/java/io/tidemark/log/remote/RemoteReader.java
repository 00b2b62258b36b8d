package io.tidemark.log.remote;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.tidemark.base.Timers;
import io.tidemark.log.LogException;
import io.tidemark.log.LogReader;
import io.tidemark.log.LogRecord;
import io.tidemark.log.remote.v1.ReadOpen;
import io.tidemark.log.remote.v1.ReadRequest;
import io.tidemark.log.remote.v1.ReadResponse;
import io.tidemark.log.remote.v1.Record;
import io.tidemark.log.remote.v1.Records;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads over one stream at a time, and over another when that broke, from behind the record it
/// received last.
///
/// What it holds and what is on its way to it never costs more than its window, or one larger
/// record: the server sends only what it has credit for, and credit goes back when [#next()] hands
/// records out.
final class RemoteReader implements LogReader {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteReader.class);

  private record Received(List<LogRecord> records, long next, long cost) {}

  private final RemoteLogConfig config;
  private final Connection connection;
  private final Timers timers;
  private final Consumer<RemoteReader> onClose;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All guarded by the lock.
  private final Backoff backoff;
  private final ArrayDeque<Received> received = new ArrayDeque<>();
  private long heldCost;
  private long owedCost;
  private long from;
  private long place;
  private boolean wanted;
  private @Nullable Stream stream;
  private Timers.@Nullable Timer retry;
  private @Nullable LogException failure;
  private @Nullable LogException closed;

  RemoteReader(
      RemoteLogConfig config,
      Connection connection,
      Timers timers,
      Backoff backoff,
      long from,
      Consumer<RemoteReader> onClose) {
    this.config = config;
    this.connection = connection;
    this.timers = timers;
    this.backoff = backoff;
    this.from = from;
    this.place = from;
    this.onClose = onClose;
  }

  @Override
  public List<LogRecord> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      wanted = true;
      while (closed == null) {
        if (!received.isEmpty()) {
          return take();
        }
        if (failure != null) {
          LogException thrown = failure;
          failure = null;
          throw thrown;
        }
        if (stream == null) {
          if (connection.state() instanceof Connection.State.Down(LogException.Corrupt wrongLog)) {
            throw wrongLog;
          }
          if (retry == null) {
            open();
          }
        }
        changed.await();
      }
      throw closed;
    } finally {
      lock.unlock();
    }
  }

  private List<LogRecord> take() {
    Received next = received.remove();
    heldCost -= next.cost;
    owedCost += next.cost;
    // A message for each record would cost more than the record.
    if (stream != null && (received.isEmpty() || owedCost * 2 >= stream.window)) {
      stream.grant(owedCost);
      owedCost = 0;
    }
    place = next.next;
    return next.records;
  }

  @Override
  public long position() {
    lock.lock();
    try {
      return place;
    } finally {
      lock.unlock();
    }
  }

  /// There is a link (again).
  void connected() {
    lock.lock();
    try {
      backoff.reset();
      if (retry != null) {
        retry.cancel();
        retry = null;
      }
      if (wanted && stream == null && failure == null && closed == null) {
        open();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Another log answers at the address: whoever waits must be told.
  void disturb() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // Called with the lock held. Without a link there is nothing to do: connected() comes when there
  // is one.
  private void open() {
    if (connection.state() instanceof Connection.State.Up(Link link)) {
      stream = new Stream(link);
      stream.open();
    }
  }

  // Called with the lock held, when the stream is gone.
  private void retryLater() {
    if (closed == null) {
      retry = timers.after(backoff.next(), this::retryNow);
    }
  }

  private void retryNow() {
    lock.lock();
    try {
      retry = null;
      if (stream == null && failure == null && closed == null) {
        open();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    close(new LogException.Closed("the reader"));
  }

  void close(LogException why) {
    Stream open;
    lock.lock();
    try {
      if (closed != null) {
        return;
      }
      closed = why;
      received.clear();
      open = stream;
      stream = null;
      if (retry != null) {
        retry.cancel();
        retry = null;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    onClose.accept(this);
    if (open != null) {
      open.cancel();
    }
  }

  /// One stream of records. What comes from any but the current one is dropped.
  private final class Stream implements ClientResponseObserver<ReadRequest, ReadResponse> {
    private final Link link;
    private final long window;
    private long credit;
    private @Nullable ClientCallStreamObserver<ReadRequest> requests;

    Stream(Link link) {
      this.link = link;
      this.window = config.readWindowBytes();
      this.credit = Math.max(0, window - heldCost);
    }

    void open() {
      owedCost = 0;
      link.stub().read(this);
      if (stream != this) {
        // The link had ended: it was told within the call.
        return;
      }
      send(
          ReadRequest.newBuilder()
              .setOpen(
                  ReadOpen.newBuilder()
                      .setLogId(Wire.id(link.info().id()))
                      .setFrom(from)
                      .setWindowBytes(window)
                      .setCreditBytes(credit))
              .build());
    }

    void grant(long cost) {
      credit += cost;
      send(ReadRequest.newBuilder().setCreditBytes(cost).build());
    }

    private void send(ReadRequest request) {
      Objects.requireNonNull(requests).onNext(request);
    }

    void cancel() {
      Objects.requireNonNull(requests).cancel("not read any more", null);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ReadRequest> requests) {
      this.requests = requests;
    }

    @Override
    public void onNext(ReadResponse response) {
      link.heard();
      switch (response.getOutcomeCase()) {
        case RECORDS -> deliver(response.getRecords());
        case FAILURE ->
            fail(Wire.exception(response.getFailure(), from, config.address()).orElse(null));
        case OUTCOME_NOT_SET -> fail(null);
      }
    }

    private void deliver(Records message) {
      var records = new ArrayList<LogRecord>(message.getRecordsCount());
      long cost = 0;
      for (Record record : message.getRecordsList()) {
        var next = new LogRecord(record.getPosition(), Wire.bytes(record.getPayload()));
        records.add(next);
        cost += Wire.cost(next);
      }
      lock.lock();
      try {
        if (stream != this) {
          return;
        }
        boolean alone = records.size() == 1 && credit == window;
        if (cost > credit && !alone) {
          broke("it sent " + cost + " bytes of records with credit for " + credit);
          return;
        }
        credit -= cost;
        for (LogRecord record : records) {
          if (record.position() < from) {
            stop(outOfOrder(record.position()));
            return;
          }
          from = record.position() + 1;
        }
        // A server that does not say how far it read has read up to its last record.
        from = Math.max(from, message.getNext());
        heldCost += cost;
        received.add(new Received(List.copyOf(records), from, cost));
        backoff.reset();
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    private LogException outOfOrder(long position) {
      return new LogException.Corrupt(
          "the log at " + config.address() + " gave position " + position + " after " + (from - 1));
    }

    private void fail(@Nullable LogException why) {
      lock.lock();
      try {
        if (stream != this) {
          return;
        }
        if (why == null) {
          broke("it failed in a way unknown here");
        } else if (why instanceof LogException.Unavailable) {
          broke(String.valueOf(why.getMessage()));
        } else {
          stop(why);
        }
      } finally {
        lock.unlock();
      }
    }

    // Called with the lock held: there is no reading on.
    private void stop(LogException why) {
      stream = null;
      failure = why;
      changed.signalAll();
      cancel();
    }

    // Called with the lock held: read on over another stream.
    private void broke(String why) {
      LOG.info("reading the log at {} from {} broke off: {}", config.address(), from, why);
      stream = null;
      retryLater();
      cancel();
    }

    @Override
    public void onError(Throwable thrown) {
      ended(Wire.describe(thrown));
    }

    @Override
    public void onCompleted() {
      ended("the server ended it");
    }

    private void ended(String why) {
      lock.lock();
      try {
        if (stream == this) {
          broke(why);
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
