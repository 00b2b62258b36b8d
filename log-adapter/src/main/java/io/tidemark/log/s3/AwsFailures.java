package io.tidemark.log.s3;

import java.net.UnknownHostException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/// What the SDK's exceptions mean for a log, in words that say what to do.
final class AwsFailures {
  private static final int MOVED = 301;
  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int PRECONDITION_FAILED = 412;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;
  private static final int NOT_IMPLEMENTED = 501;
  private static final int UNAVAILABLE = 503;

  private AwsFailures() {}

  static boolean isNoSuchKey(Throwable failure) {
    return cause(failure) instanceof AwsServiceException service
        && service.statusCode() == NOT_FOUND
        && !code(service).equals("NoSuchBucket");
  }

  /// What became of a put-if-absent that failed.
  ///
  /// @throws StoreException.Refused if it had and will have no effect
  static ObjectStore.Creation ofCreation(Throwable failure, String bucket, String place) {
    if (cause(failure) instanceof AwsServiceException service
        && service.statusCode() == PRECONDITION_FAILED) {
      return new ObjectStore.Creation.Exists();
    }
    return switch (of(failure, bucket, place)) {
      case StoreException.Refused refused -> throw refused;
      case StoreException.Unavailable unavailable ->
          new ObjectStore.Creation.Undecided(
              String.valueOf(unavailable.getMessage()), unavailable.isThrottled());
    };
  }

  /// The failure of anything else.
  static StoreException of(@Nullable Throwable failure, String bucket, String place) {
    return switch (cause(failure)) {
      case AwsServiceException service -> ofService(service, bucket, place);
      case SdkClientException client -> ofClient(client, place);
      case null -> new StoreException.Unavailable(place + " gave no answer", false);
      case Throwable other -> new StoreException.Unavailable(place + ": " + other, false);
    };
  }

  private static StoreException ofService(
      AwsServiceException service, String bucket, String place) {
    int status = service.statusCode();
    String code = code(service);
    if (status == UNAVAILABLE || status == TOO_MANY || code.equals("SlowDown")) {
      return new StoreException.Unavailable(place + " asks for fewer requests: " + code, true);
    }
    boolean mayPass =
        status == CONFLICT
            || (status >= SERVER_ERROR && status != NOT_IMPLEMENTED)
            || code.equals("RequestTimeout");
    String told = told(code, status, bucket, service);
    return mayPass
        ? new StoreException.Unavailable(place + ": " + told, false)
        : new StoreException.Refused(place + ": " + told);
  }

  private static String told(String code, int status, String bucket, AwsServiceException service) {
    return switch (code) {
      case "NoSuchBucket" ->
          "there is no bucket \"" + bucket + "\"; create it, or correct its name";
      case "InvalidAccessKeyId" -> "the access key is not known there; check the credentials";
      case "SignatureDoesNotMatch" ->
          "the secret key does not belong to the access key; check the credentials";
      case "ExpiredToken", "TokenRefreshRequired" -> "the credentials have expired; get new ones";
      case "InvalidToken" -> "the session token is not valid; get new credentials";
      case "RequestTimeTooSkewed" ->
          "this machine's clock and the store's differ by too much; set the clock (NTP)";
      case "AccessDenied", "AllAccessDisabled", "AccountProblem" ->
          "the credentials do not permit it; a log needs s3:GetObject, s3:PutObject,"
              + " s3:DeleteObject and s3:ListBucket on the bucket and what is in it";
      case "PermanentRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException" ->
          "the bucket is in another region; set the region";
      case "NotImplemented" ->
          "the store does not know conditional writes (If-None-Match), which a log needs";
      default ->
          switch (status) {
            case MOVED -> "the bucket is in another region; set the region";
            case FORBIDDEN -> "the credentials do not permit it (403)";
            case BAD_REQUEST -> "it does not understand the request: " + message(service);
            default -> status + " " + message(service);
          };
    };
  }

  private static StoreException ofClient(SdkClientException client, String place) {
    String message = String.valueOf(client.getMessage());
    if (message.contains("Unable to load credentials")) {
      return new StoreException.Refused(
          place
              + ": there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or"
              + " give them as settings");
    }
    for (Throwable below = client; below != null; below = below.getCause()) {
      if (below instanceof UnknownHostException) {
        return new StoreException.Unavailable(
            place + ": the host is not known: " + below.getMessage(), false);
      }
    }
    Throwable root = client;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new StoreException.Unavailable(place + " does not answer: " + root.getMessage(), false);
  }

  private static String message(AwsServiceException service) {
    return service.awsErrorDetails() == null
        ? ""
        : code(service) + " " + service.awsErrorDetails().errorMessage();
  }

  private static String code(AwsServiceException service) {
    String code = service.awsErrorDetails() == null ? null : service.awsErrorDetails().errorCode();
    return code == null ? "" : code;
  }

  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
