package io.tidemark.log.remote;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tidemark.log.Appended;
import io.tidemark.log.remote.v1.AppendOpen;
import io.tidemark.log.remote.v1.AppendRequest;
import io.tidemark.log.remote.v1.AppendResponse;
import io.tidemark.log.remote.v1.Batch;
import io.tidemark.log.remote.v1.Failure;
import io.tidemark.log.remote.v1.Indeterminate;
import io.tidemark.log.remote.v1.Overloaded;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One append stream on the server: hands each batch to the log once, in order, as it comes, and
/// answers each once, in order, as the log does.
///
/// The next message is asked for only while there is room for it and while the client takes
/// answers, so that neither batches nor answers pile up. Messages come on the event loop, the log's
/// answers from any thread.
final class AppendSession implements StreamObserver<AppendRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(AppendSession.class);

  private static final class Slot {
    private final long number;
    private final int bytes;
    private @Nullable AppendResponse response;

    private Slot(long number, int bytes) {
      this.number = number;
      this.bytes = bytes;
    }
  }

  private final LogService service;
  private final ServerCallStreamObserver<AppendResponse> responses;

  // All guarded by the lock, under which answers are also sent.
  private final ArrayDeque<Slot> slots = new ArrayDeque<>();
  private long slotBytes;
  private long numberLast;
  private boolean opened;
  private boolean asked;
  private @Nullable Status ending;
  private boolean ended;

  AppendSession(LogService service, ServerCallStreamObserver<AppendResponse> responses) {
    this.service = service;
    this.responses = responses;
    responses.setOnReadyHandler(this::askForMore);
    responses.setOnCancelHandler(this::cancelled);
  }

  /// Takes the first message.
  void begin() {
    synchronized (this) {
      asked = true;
    }
    responses.request(1);
  }

  @Override
  public void onNext(AppendRequest request) {
    synchronized (this) {
      asked = false;
    }
    switch (request.getRequestCase()) {
      case OPEN -> open(request.getOpen());
      case BATCH -> append(request.getBatch());
      case REQUEST_NOT_SET -> end(Status.INVALID_ARGUMENT.withDescription("an unknown request"));
    }
    askForMore();
  }

  private synchronized void open(AppendOpen open) {
    if (opened) {
      end(Status.INVALID_ARGUMENT.withDescription("the stream is open"));
      return;
    }
    opened = true;
    var response = AppendResponse.newBuilder();
    Failure wrong = service.wrongLog(open.getLogId()).orElse(null);
    if (wrong == null) {
      responses.onNext(response.setOpened(Wire.info(service.info())).build());
    } else {
      responses.onNext(response.setFailure(wrong).build());
      end(Status.OK);
    }
  }

  private void append(Batch batch) {
    var slot = new Slot(batch.getNumber(), batch.getSerializedSize());
    synchronized (this) {
      if (ending != null || ended) {
        return;
      }
      if (!opened || slot.number != numberLast + 1 || batch.getRecordsCount() == 0) {
        end(Status.INVALID_ARGUMENT.withDescription("batch " + slot.number + " is out of order"));
        return;
      }
      numberLast = slot.number;
      slots.add(slot);
      slotBytes += slot.bytes;
    }
    if (!service.takeBytes(slot.bytes)) {
      String full = service.config().appendBytesMax() + " bytes of batches are with the log";
      answer(slot, overloaded(full));
      return;
    }
    var _ =
        appendToLog(batch)
            .whenComplete((appended, thrown) -> {
              service.giveBytes(slot.bytes);
              answer(slot, thrown == null ? appended(appended) : failed(thrown));
            });
  }

  private CompletableFuture<Appended> appendToLog(Batch batch) {
    try {
      return service.log().append(Wire.records(batch), Wire.precondition(batch));
    } catch (RuntimeException | Error failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  private static AppendResponse.Builder appended(Appended appended) {
    return AppendResponse.newBuilder()
        .setAppended(
            io.tidemark.log.remote.v1.Appended.newBuilder()
                .setFirst(appended.first())
                .setNext(appended.next()));
  }

  private static AppendResponse.Builder overloaded(String what) {
    var failure = Failure.newBuilder().setOverloaded(Overloaded.newBuilder().setWhat(what));
    return AppendResponse.newBuilder().setFailure(failure);
  }

  private static AppendResponse.Builder failed(Throwable thrown) {
    return AppendResponse.newBuilder()
        .setFailure(
            Wire.failure(thrown)
                .orElseGet(() -> {
                  LOG.error("the log failed an append in a way it never may", thrown);
                  return Failure.newBuilder()
                      .setIndeterminate(Indeterminate.newBuilder().setWhy(thrown.toString()))
                      .build();
                }));
  }

  private void answer(Slot slot, AppendResponse.Builder response) {
    synchronized (this) {
      slot.response = response.setNumber(slot.number).build();
      for (Slot oldest = slots.peek();
          oldest != null && oldest.response != null;
          oldest = slots.peek()) {
        slots.remove();
        slotBytes -= oldest.bytes;
        if (!ended) {
          responses.onNext(oldest.response);
        }
      }
      finishIfAnswered();
    }
    askForMore();
  }

  private void askForMore() {
    synchronized (this) {
      boolean room =
          slots.size() < service.config().streamAppendsMax()
              && (slots.isEmpty() || slotBytes < service.config().streamAppendBytesMax());
      if (asked || ended || ending != null || !room || !responses.isReady()) {
        return;
      }
      asked = true;
    }
    // Outside the lock: the message may come within this call.
    responses.request(1);
  }

  /// Takes no more batches, answers those that were taken, and ends the stream with this status.
  synchronized void end(Status status) {
    if (ending == null) {
      ending = status;
      finishIfAnswered();
    }
  }

  private void finishIfAnswered() {
    if (ending == null || ended || !slots.isEmpty()) {
      return;
    }
    ended = true;
    if (ending.isOk()) {
      responses.onCompleted();
    } else {
      responses.onError(ending.asRuntimeException());
    }
    service.closed(this);
  }

  private synchronized void cancelled() {
    ended = true;
    service.closed(this);
  }

  @Override
  public void onError(Throwable thrown) {
    cancelled();
  }

  @Override
  public void onCompleted() {
    end(Status.OK);
  }
}
