package io.tidemark.log.remote;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogReader;
import io.tidemark.log.LogRecord;
import io.tidemark.log.remote.v1.Failure;
import io.tidemark.log.remote.v1.ReadOpen;
import io.tidemark.log.remote.v1.ReadRequest;
import io.tidemark.log.remote.v1.ReadResponse;
import io.tidemark.log.remote.v1.Records;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One read stream on the server: a thread of its own takes records from a reader of the log and
/// sends what the client has given credit for.
///
/// It holds what one [LogReader#next()] returned and, in the network's buffers, at most one message
/// beyond what the client takes. Requests come on the event loop; only the thread sends.
final class ReadSession implements StreamObserver<ReadRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(ReadSession.class);

  /// Where a message ends, unless its first record is larger.
  private static final int MESSAGE_BYTES_MAX = 256 << 10;

  private final LogService service;
  private final ServerCallStreamObserver<ReadResponse> responses;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All guarded by the lock.
  private long window;
  private long credit;
  private @Nullable LogReader reader;
  private @Nullable Status ending;

  ReadSession(LogService service, ServerCallStreamObserver<ReadResponse> responses) {
    this.service = service;
    this.responses = responses;
    responses.setOnReadyHandler(this::wake);
    responses.setOnCancelHandler(() -> end(Status.CANCELLED));
  }

  @Override
  public void onNext(ReadRequest request) {
    switch (request.getRequestCase()) {
      case OPEN -> open(request.getOpen());
      case CREDIT_BYTES -> {
        if (request.getCreditBytes() <= 0 || !grant(request.getCreditBytes())) {
          refuse("credit goes up, and not above the window");
        }
      }
      case REQUEST_NOT_SET -> refuse("an unknown request");
    }
  }

  private void open(ReadOpen open) {
    Failure wrong = service.wrongLog(open.getLogId()).orElse(null);
    lock.lock();
    try {
      if (reader != null || ending != null) {
        refuse("the stream is open");
        return;
      }
      if (open.getFrom() < Log.START
          || open.getWindowBytes() <= 0
          || open.getCreditBytes() < 0
          || open.getCreditBytes() > open.getWindowBytes()) {
        refuse("a place in the log, a window and credit within it are needed");
        return;
      }
      if (wrong != null) {
        ending = Status.OK;
        responses.onNext(ReadResponse.newBuilder().setFailure(wrong).build());
        finish(Status.OK);
        return;
      }
      window = open.getWindowBytes();
      credit = open.getCreditBytes();
      LogReader opened = service.log().read(open.getFrom());
      reader = opened;
      service.startReader(() -> run(opened));
    } finally {
      lock.unlock();
    }
  }

  private boolean grant(long more) {
    lock.lock();
    try {
      if (reader == null || more > window - credit) {
        return false;
      }
      credit += more;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void refuse(String why) {
    end(Status.INVALID_ARGUMENT.withDescription(why));
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Reads no more and ends the stream with this status. Does not wait for the thread.
  void end(Status status) {
    LogReader open;
    lock.lock();
    try {
      if (ending != null) {
        return;
      }
      ending = status;
      open = reader;
      changed.signalAll();
      if (open == null) {
        finish(status);
      }
    } finally {
      lock.unlock();
    }
    if (open != null) {
      open.close();
    }
  }

  private void run(LogReader open) {
    Status status = Status.OK;
    try (open) {
      boolean more = true;
      while (more) {
        more = send(open.next(), open.position());
      }
    } catch (LogException failure) {
      if (!isEnding()) {
        Wire.failure(failure)
            .ifPresent(f -> responses.onNext(ReadResponse.newBuilder().setFailure(f).build()));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      status = Status.UNAVAILABLE.withDescription("the reader's thread was interrupted");
    } catch (RuntimeException | Error failure) {
      LOG.error("the log failed a reader in a way it never may", failure);
      status = Status.INTERNAL.withDescription(failure.toString());
    }
    lock.lock();
    try {
      finish(ending == null ? status : ending);
    } finally {
      lock.unlock();
    }
  }

  private boolean isEnding() {
    lock.lock();
    try {
      return ending != null;
    } finally {
      lock.unlock();
    }
  }

  private boolean send(List<LogRecord> records, long next) throws InterruptedException {
    if (records.isEmpty()) {
      return sendPlace(next);
    }
    int sent = 0;
    while (sent < records.size()) {
      int count = awaitCredit(records, sent);
      if (count == 0) {
        return false;
      }
      var message = Records.newBuilder();
      for (LogRecord record : records.subList(sent, sent + count)) {
        message.addRecords(Wire.record(record));
      }
      sent += count;
      if (sent == records.size()) {
        message.setNext(next);
      }
      responses.onNext(ReadResponse.newBuilder().setRecords(message).build());
    }
    return true;
  }

  // It costs no credit, but waits until the network takes it.
  private boolean sendPlace(long next) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (ending == null && !responses.isReady()) {
        changed.await();
      }
      if (ending != null) {
        return false;
      }
    } finally {
      lock.unlock();
    }
    var place = Records.newBuilder().setNext(next);
    responses.onNext(ReadResponse.newBuilder().setRecords(place).build());
    return true;
  }

  /// Waits until something may be sent and takes its credit.
  ///
  /// @return how many of the records from the index on to send now; zero if the stream ends
  private int awaitCredit(List<LogRecord> records, int from) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long first = Wire.cost(records.get(from));
      // A record larger than the window waits for all of it, or it would wait for ever.
      while (ending == null && !(responses.isReady() && credit >= Math.min(first, window))) {
        changed.await();
      }
      if (ending != null) {
        return 0;
      }
      long cost = first;
      int count = 1;
      while (from + count < records.size()) {
        long next = cost + Wire.cost(records.get(from + count));
        if (next > credit || next > MESSAGE_BYTES_MAX) {
          break;
        }
        cost = next;
        count++;
      }
      credit -= cost;
      return count;
    } finally {
      lock.unlock();
    }
  }

  // Called with the lock held, once, by the last who sends.
  private void finish(Status status) {
    ending = status;
    if (status.isOk()) {
      responses.onCompleted();
    } else if (!responses.isCancelled()) {
      responses.onError(status.asRuntimeException());
    }
    service.closed(this);
  }

  @Override
  public void onError(Throwable thrown) {
    end(Status.CANCELLED);
  }

  @Override
  public void onCompleted() {
    end(Status.OK);
  }
}
