package io.tidemark.server.rpc;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.tidemark.api.v1.Reason;
import io.tidemark.replica.ReplicaException;
import io.tidemark.statemachine.ViewException;
import java.io.Serial;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A request that failed, in the terms of `kv.v1`: a reason, which decides on the status code and
/// on what the client may do, and a sentence.
public final class Failure extends RuntimeException {
  /// The domain of every [ErrorInfo].
  public static final String DOMAIN = "tidemark.io";

  @Serial private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(Failure.class);
  private static final String PREFIX = "REASON_";

  private final Reason reason;
  private final String detail;

  /// A failure for this reason.
  ///
  /// @param reason one that is specified
  /// @param detail what exactly is wrong, for people
  public Failure(Reason reason, String detail) {
    super(detail, null, false, false);
    this.reason = reason;
    this.detail = detail;
  }

  /// The request breaks a rule.
  static Failure invalid(String detail) {
    return new Failure(Reason.REASON_INVALID_REQUEST, detail);
  }

  /// `given` of `what` is more than `max`.
  static Failure tooLarge(String what, long given, long max, String unit) {
    return new Failure(
        Reason.REASON_TOO_LARGE,
        what + " has " + given + " " + unit + "; the limit is " + max + " " + unit);
  }

  /// Too much is going on.
  static Failure overloaded(String detail) {
    return new Failure(Reason.REASON_OVERLOADED, detail);
  }

  /// What a future failed with, or a handler threw, as a failure to tell. Whatever nobody foresaw
  /// is logged, and told as one that may have had an effect.
  static Failure of(Throwable thrown) {
    Throwable cause = thrown;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case Failure failure -> failure;
      case ViewException.Closed _ ->
          new Failure(
              Reason.REASON_CLOSED,
              "the view was closed, or a checkpoint took its place, while it was read; read again");
      case ReplicaException failure -> new Failure(reasonOf(failure), messageOf(failure));
      default -> {
        LOG.error("a request failed in a way that nobody foresaw", cause);
        yield new Failure(Reason.REASON_STOPPED, "the server failed: " + cause);
      }
    };
  }

  /// Why, in the contract's words.
  public Reason reason() {
    return reason;
  }

  /// As gRPC carries it.
  StatusRuntimeException toStatus() {
    var info =
        ErrorInfo.newBuilder()
            .setDomain(DOMAIN)
            .setReason(reason.name().substring(PREFIX.length()))
            .putMetadata("retry", retry())
            .putMetadata("detail", detail)
            .build();
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(code().value())
            .setMessage(detail)
            .addDetails(Any.pack(info))
            .build());
  }

  private static Reason reasonOf(ReplicaException failure) {
    return switch (failure) {
      case ReplicaException.InvalidRequest _ -> Reason.REASON_INVALID_REQUEST;
      case ReplicaException.TooLarge _ -> Reason.REASON_TOO_LARGE;
      case ReplicaException.LogUnavailable _ -> Reason.REASON_LOG_UNAVAILABLE;
      case ReplicaException.Overloaded _ -> Reason.REASON_OVERLOADED;
      case ReplicaException.OutcomeUnknown _ -> Reason.REASON_OUTCOME_UNKNOWN;
      case ReplicaException.TimedOut _ -> Reason.REASON_TIMED_OUT;
      case ReplicaException.LogEnded _ -> Reason.REASON_LOG_ENDED;
      case ReplicaException.Closed _ -> Reason.REASON_CLOSED;
      case ReplicaException.Stopped _ -> Reason.REASON_STOPPED;
    };
  }

  private static String messageOf(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  private Status.Code code() {
    return switch (reason) {
      case REASON_INVALID_REQUEST, REASON_TOO_LARGE -> Status.Code.INVALID_ARGUMENT;
      case REASON_LOG_UNAVAILABLE, REASON_CLOSED -> Status.Code.UNAVAILABLE;
      case REASON_OVERLOADED -> Status.Code.RESOURCE_EXHAUSTED;
      case REASON_OUTCOME_UNKNOWN -> Status.Code.UNKNOWN;
      case REASON_TIMED_OUT -> Status.Code.DEADLINE_EXCEEDED;
      case REASON_SESSION_UNKNOWN, REASON_ANSWER_FORGOTTEN, REASON_LOG_ENDED ->
          Status.Code.FAILED_PRECONDITION;
      case REASON_STOPPED, REASON_UNSPECIFIED, UNRECOGNIZED -> Status.Code.INTERNAL;
    };
  }

  private String retry() {
    return switch (reason) {
      case REASON_LOG_UNAVAILABLE, REASON_OVERLOADED, REASON_TIMED_OUT, REASON_CLOSED -> "safe";
      case REASON_OUTCOME_UNKNOWN -> "with_request_id";
      case REASON_INVALID_REQUEST,
          REASON_TOO_LARGE,
          REASON_SESSION_UNKNOWN,
          REASON_ANSWER_FORGOTTEN,
          REASON_LOG_ENDED,
          REASON_STOPPED,
          REASON_UNSPECIFIED,
          UNRECOGNIZED ->
          "never";
    };
  }
}
