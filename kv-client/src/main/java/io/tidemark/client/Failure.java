package io.tidemark.client;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;
import io.tidemark.api.v1.Reason;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What became of one attempt that got no answer.
///
/// It is decided by the `ErrorInfo` of the contract where there is one, otherwise by the status
/// code and by whether the request had left this process; never by a message's text.
///
/// @param kind how to go on
/// @param definite whether this attempt had no effect and never will
/// @param detail for people
/// @param cause what the network layer said
record Failure(Kind kind, boolean definite, String detail, StatusException cause) {
  /// How to go on after a failed attempt.
  enum Kind {
    /// The request is wrong everywhere and always.
    INVALID,
    /// The request or its answer is too large everywhere and always.
    TOO_LARGE,
    /// The log takes no more writes.
    LOG_ENDED,
    /// The session is not known: a request that cannot have happened goes on in a new one.
    SESSION_UNKNOWN,
    /// It cannot be told whether the request was done before.
    ANSWER_FORGOTTEN,
    /// Too much is waiting there: again, after a pause.
    OVERLOADED,
    /// The server could not do it: again, elsewhere.
    UNAVAILABLE,
    /// The server said it could not in time: again, elsewhere.
    TIMED_OUT,
    /// Nothing came back in time: again, elsewhere, and on a new connection.
    SILENT
  }

  private static final String DOMAIN = "tidemark.io";
  private static final Map<String, Reason> REASONS = reasons();

  /// Whether sending the request again can help.
  boolean isRetryable() {
    return switch (kind) {
      case OVERLOADED, UNAVAILABLE, TIMED_OUT, SILENT -> true;
      case INVALID, TOO_LARGE, LOG_ENDED, SESSION_UNKNOWN, ANSWER_FORGOTTEN -> false;
    };
  }

  /// Whether the endpoint is at fault, so that another one is worth trying.
  boolean isOfEndpoint() {
    return switch (kind) {
      case UNAVAILABLE, TIMED_OUT, SILENT -> true;
      case OVERLOADED, INVALID, TOO_LARGE, LOG_ENDED, SESSION_UNKNOWN, ANSWER_FORGOTTEN -> false;
    };
  }

  /// What the caller is told when this is how a request ends of which no attempt can have had an
  /// effect.
  TidemarkException toException(boolean isWrite, String text) {
    return switch (kind) {
      case INVALID -> new InvalidRequestException(text, cause);
      case TOO_LARGE -> new TooLargeException(text, cause);
      case LOG_ENDED -> new LogEndedException(text, cause);
      case ANSWER_FORGOTTEN -> new OutcomeUnknownException(text, cause);
      case OVERLOADED -> new OverloadedException(text, cause);
      case SESSION_UNKNOWN, UNAVAILABLE -> new UnavailableException(text, cause);
      // A write that is not exposed did not even find a connection in time; nor did such a read.
      case TIMED_OUT, SILENT ->
          isWrite || definite
              ? new UnavailableException(text, cause)
              : new TimedOutException(text, cause);
    };
  }

  /// An attempt that was given up because nothing came back in time.
  static Failure silent() {
    return ofCode(
        Status.DEADLINE_EXCEEDED, true, new StatusException(Status.DEADLINE_EXCEEDED, null));
  }

  /// Reads a status that is not OK.
  ///
  /// @param sent whether any of the request may have left this process
  static Failure of(Status status, @Nullable Metadata trailers, boolean sent) {
    var cause = new StatusException(status, trailers);
    ErrorInfo info = errorInfo(status, trailers);
    if (info == null) {
      return ofCode(status, sent, cause);
    }
    String detail = info.getMetadataOrDefault("detail", status.getDescription());
    String text = detail == null ? info.getReason() : detail;
    Reason reason = REASONS.getOrDefault(info.getReason(), Reason.REASON_UNSPECIFIED);
    return switch (reason) {
      case REASON_INVALID_REQUEST -> new Failure(Kind.INVALID, true, text, cause);
      case REASON_TOO_LARGE -> new Failure(Kind.TOO_LARGE, true, text, cause);
      case REASON_LOG_UNAVAILABLE, REASON_CLOSED ->
          new Failure(Kind.UNAVAILABLE, true, text, cause);
      case REASON_OVERLOADED -> new Failure(Kind.OVERLOADED, true, text, cause);
      case REASON_OUTCOME_UNKNOWN, REASON_STOPPED ->
          new Failure(Kind.UNAVAILABLE, false, text, cause);
      // Safe for the reads it is made for; should a write get it, nothing is known.
      case REASON_TIMED_OUT -> new Failure(Kind.TIMED_OUT, false, text, cause);
      case REASON_SESSION_UNKNOWN -> new Failure(Kind.SESSION_UNKNOWN, true, text, cause);
      case REASON_ANSWER_FORGOTTEN -> new Failure(Kind.ANSWER_FORGOTTEN, true, text, cause);
      case REASON_LOG_ENDED -> new Failure(Kind.LOG_ENDED, true, text, cause);
      case REASON_UNSPECIFIED, UNRECOGNIZED ->
          ofRetry(info.getMetadataOrDefault("retry", ""), text, status, sent, cause);
    };
  }

  /// A reason this client does not know still says whether to send again.
  private static Failure ofRetry(
      String retry, String text, Status status, boolean sent, StatusException cause) {
    return switch (retry) {
      case "safe" -> new Failure(Kind.UNAVAILABLE, true, text, cause);
      case "with_request_id" -> new Failure(Kind.UNAVAILABLE, false, text, cause);
      case "never" -> new Failure(Kind.INVALID, ofCode(status, sent, cause).definite, text, cause);
      default -> ofCode(status, sent, cause);
    };
  }

  /// The code, what gRPC says of it, and what it was in the end: a connection refused, say.
  private static String inWords(Status status) {
    var text = new StringBuilder(status.getCode().toString());
    if (status.getDescription() != null) {
      text.append(": ").append(status.getDescription());
    }
    Throwable root = status.getCause();
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    if (root != null && root.getMessage() != null) {
      text.append(": ").append(root.getMessage());
    }
    return text.toString();
  }

  private static Failure ofCode(Status status, boolean sent, StatusException cause) {
    String text = inWords(status);
    return switch (status.getCode()) {
      case INVALID_ARGUMENT,
          FAILED_PRECONDITION,
          OUT_OF_RANGE,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          UNAUTHENTICATED,
          UNIMPLEMENTED ->
          new Failure(Kind.INVALID, true, text, cause);
      // Either side may have found a message too large; if it was the answer, the request was done.
      case RESOURCE_EXHAUSTED -> new Failure(Kind.TOO_LARGE, !sent, text, cause);
      case DEADLINE_EXCEEDED -> new Failure(Kind.SILENT, !sent, text, cause);
      case UNAVAILABLE, CANCELLED, UNKNOWN, INTERNAL, ABORTED, DATA_LOSS, OK ->
          new Failure(Kind.UNAVAILABLE, !sent, text, cause);
    };
  }

  private static @Nullable ErrorInfo errorInfo(Status status, @Nullable Metadata trailers) {
    if (trailers == null) {
      return null;
    }
    com.google.rpc.Status details = StatusProto.fromStatusAndTrailers(status, trailers);
    for (var any : details.getDetailsList()) {
      if (any.is(ErrorInfo.class)) {
        try {
          ErrorInfo info = any.unpack(ErrorInfo.class);
          if (info.getDomain().equals(DOMAIN)) {
            return info;
          }
        } catch (InvalidProtocolBufferException malformed) {
          return null;
        }
      }
    }
    return null;
  }

  private static Map<String, Reason> reasons() {
    var byName = new HashMap<String, Reason>();
    for (Reason reason : Reason.values()) {
      byName.put(reason.name().substring(reason.name().indexOf('_') + 1), reason);
    }
    return Map.copyOf(byName);
  }
}
