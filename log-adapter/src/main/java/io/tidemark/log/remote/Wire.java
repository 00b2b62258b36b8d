package io.tidemark.log.remote;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Status;
import io.tidemark.base.Bytes;
import io.tidemark.log.LogException;
import io.tidemark.log.LogInfo;
import io.tidemark.log.LogRecord;
import io.tidemark.log.Precondition;
import io.tidemark.log.remote.v1.Batch;
import io.tidemark.log.remote.v1.Closed;
import io.tidemark.log.remote.v1.Corrupt;
import io.tidemark.log.remote.v1.Failure;
import io.tidemark.log.remote.v1.Fenced;
import io.tidemark.log.remote.v1.Indeterminate;
import io.tidemark.log.remote.v1.Overloaded;
import io.tidemark.log.remote.v1.Record;
import io.tidemark.log.remote.v1.Sealed;
import io.tidemark.log.remote.v1.TailMismatch;
import io.tidemark.log.remote.v1.TooLarge;
import io.tidemark.log.remote.v1.Trimmed;
import io.tidemark.log.remote.v1.Unavailable;
import io.tidemark.log.remote.v1.WrongLog;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Between the log's types and those of `log.v1`. Holds no state.
final class Wire {
  /// What a record costs on a read stream besides its payload, as `log.proto` says.
  static final int RECORD_COST_BYTES = 32;

  /// What a batch may take on the wire beyond the largest sum of its payloads: room for the framing
  /// of some 10,000 records, each at most 6 bytes, and the precondition.
  static final int BATCH_OVERHEAD_BYTES = 64 << 10;

  /// What the messages around a batch may take.
  static final int MESSAGE_OVERHEAD_BYTES = 64;

  private Wire() {}

  static ByteString bytes(Bytes bytes) {
    // Neither side ever writes to the array again.
    return UnsafeByteOperations.unsafeWrap(bytes.unsafeArray());
  }

  static Bytes bytes(ByteString bytes) {
    return Bytes.wrap(bytes.toByteArray());
  }

  static ByteString id(UUID id) {
    var buffer = ByteBuffer.allocate(16);
    buffer.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).flip();
    return ByteString.copyFrom(buffer);
  }

  static UUID id(ByteString id) {
    ByteBuffer buffer = id.asReadOnlyByteBuffer();
    return new UUID(buffer.getLong(), buffer.getLong());
  }

  static io.tidemark.log.remote.v1.LogInfo info(LogInfo info) {
    return io.tidemark.log.remote.v1.LogInfo.newBuilder()
        .setLogId(id(info.id()))
        .setProvider(info.provider())
        .setTrimPoint(info.trimPoint())
        .setRecordBytesMax(info.recordBytesMax())
        .setBatchBytesMax(info.batchBytesMax())
        .build();
  }

  static LogInfo info(io.tidemark.log.remote.v1.LogInfo info) {
    return new LogInfo(
        id(info.getLogId()),
        info.getProvider(),
        info.getTrimPoint(),
        info.getRecordBytesMax(),
        info.getBatchBytesMax());
  }

  static Batch batch(long number, List<Bytes> records, Precondition precondition) {
    var batch = Batch.newBuilder().setNumber(number);
    for (Bytes record : records) {
      batch.addRecords(bytes(record));
    }
    switch (precondition) {
      case Precondition.None() -> {}
      case Precondition.ExpectedTail(long position) -> batch.setExpectedTail(position);
      case Precondition.FencingToken(Bytes token) -> batch.setFencingToken(bytes(token));
    }
    return batch.build();
  }

  static List<Bytes> records(Batch batch) {
    return batch.getRecordsList().stream().map(Wire::bytes).toList();
  }

  static Precondition precondition(Batch batch) {
    return switch (batch.getPreconditionCase()) {
      case EXPECTED_TAIL -> new Precondition.ExpectedTail(batch.getExpectedTail());
      case FENCING_TOKEN -> new Precondition.FencingToken(bytes(batch.getFencingToken()));
      case PRECONDITION_NOT_SET -> Precondition.NONE;
    };
  }

  static Record record(LogRecord record) {
    return Record.newBuilder()
        .setPosition(record.position())
        .setPayload(bytes(record.payload()))
        .build();
  }

  /// What a record costs of a read stream's credit, in bytes.
  static long cost(LogRecord record) {
    return (long) record.payload().length() + RECORD_COST_BYTES;
  }

  static Failure wrongLog(UUID actual) {
    return Failure.newBuilder().setWrongLog(WrongLog.newBuilder().setLogId(id(actual))).build();
  }

  /// Nothing where the failure is none of the log's: then the code is wrong, and nobody knows what
  /// was done.
  static Optional<Failure> failure(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    return cause instanceof LogException known ? Optional.of(failure(known)) : Optional.empty();
  }

  private static Failure failure(LogException failure) {
    var wire = Failure.newBuilder();
    switch (failure) {
      case LogException.TailMismatch f ->
          wire.setTailMismatch(TailMismatch.newBuilder().setActual(f.actual()));
      case LogException.Fenced _ -> wire.setFenced(Fenced.getDefaultInstance());
      case LogException.Sealed f -> wire.setSealed(Sealed.newBuilder().setTail(f.tail()));
      case LogException.TooLarge f ->
          wire.setTooLarge(
              TooLarge.newBuilder()
                  .setWhat(f.what())
                  .setBytes(f.bytes())
                  .setBytesMax(f.bytesMax()));
      case LogException.Overloaded f ->
          wire.setOverloaded(Overloaded.newBuilder().setWhat(text(f)));
      case LogException.Closed _ -> wire.setClosed(Closed.getDefaultInstance());
      case LogException.Unavailable f ->
          wire.setUnavailable(Unavailable.newBuilder().setWhy(text(f)));
      case LogException.Trimmed f ->
          wire.setTrimmed(Trimmed.newBuilder().setTrimPoint(f.trimPoint()));
      case LogException.Corrupt f -> wire.setCorrupt(Corrupt.newBuilder().setWhat(text(f)));
      case LogException.Indeterminate f ->
          wire.setIndeterminate(Indeterminate.newBuilder().setWhy(text(f)));
    }
    return wire.build();
  }

  private static String text(LogException failure) {
    return String.valueOf(failure.getMessage());
  }

  /// The failure of a call that asked for `subject`: the position a reader or a conditional append
  /// named, and zero for any other call. Nothing where the case is unknown here.
  static Optional<LogException> exception(Failure failure, long subject, String address) {
    return Optional.ofNullable(
        switch (failure.getFailureCase()) {
          case TAIL_MISMATCH ->
              new LogException.TailMismatch(subject, failure.getTailMismatch().getActual());
          case FENCED -> new LogException.Fenced();
          case SEALED -> new LogException.Sealed(failure.getSealed().getTail());
          case TOO_LARGE ->
              new LogException.TooLarge(
                  failure.getTooLarge().getWhat(),
                  failure.getTooLarge().getBytes(),
                  failure.getTooLarge().getBytesMax());
          case OVERLOADED -> new LogException.Overloaded(failure.getOverloaded().getWhat());
          // Closed by its owner, who is not the caller: it may be served again.
          case CLOSED ->
              new LogException.Unavailable("the log served at " + address + " is closed", null);
          case UNAVAILABLE ->
              new LogException.Unavailable(
                  "the log served at " + address + ": " + failure.getUnavailable().getWhy(), null);
          case TRIMMED -> new LogException.Trimmed(subject, failure.getTrimmed().getTrimPoint());
          case CORRUPT -> new LogException.Corrupt(failure.getCorrupt().getWhat());
          case INDETERMINATE ->
              new LogException.Indeterminate(failure.getIndeterminate().getWhy(), null);
          case WRONG_LOG -> wrongLog(failure.getWrongLog(), address);
          case FAILURE_NOT_SET -> null;
        });
  }

  private static LogException wrongLog(WrongLog wrong, String address) {
    return wrongLog(address, wrong.getLogId().size() == 16 ? id(wrong.getLogId()).toString() : "?");
  }

  static LogException wrongLog(String address, String actual) {
    return new LogException.Corrupt(
        "another log is served at " + address + " than before: its id is " + actual);
  }

  /// Why a call did not get through, for people, with the innermost cause named.
  static String describe(Throwable thrown) {
    Status status = Status.fromThrowable(thrown);
    var text = new StringBuilder(status.getCode().toString());
    if (status.getDescription() != null) {
      text.append(" (").append(status.getDescription()).append(')');
    }
    @Nullable Throwable cause = status.getCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause != null && cause.getMessage() != null) {
      text.append(": ").append(cause.getMessage());
    }
    return text.toString();
  }
}
