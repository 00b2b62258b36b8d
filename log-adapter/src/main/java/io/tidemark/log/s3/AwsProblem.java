package io.tidemark.log.s3;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Why a request to S3 was not answered as hoped, in the four ways that make a difference.
sealed interface AwsProblem {
  /// The object is there already, or is no longer what it was.
  record PreconditionFailed() implements AwsProblem {}

  /// There is no such object.
  record Missing() implements AwsProblem {}

  /// Nobody knows what became of the request.
  record Undecided(String why, boolean throttled) implements AwsProblem {}

  /// The store will not do it, now or later, and did nothing.
  record Refused(String why) implements AwsProblem {}

  /// Answers that say that a request came to nothing on its way, and say nothing of the next one.
  Set<String> TRANSIENT =
      Set.of(
          "RequestTimeout",
          "IncompleteBody",
          "BadDigest",
          "InvalidDigest",
          "XAmzContentSHA256Mismatch",
          "OperationAborted",
          "ConditionalRequestConflict");

  /// Answers that ask for fewer requests.
  Set<String> THROTTLING =
      Set.of(
          "SlowDown",
          "ServiceUnavailable",
          "Throttling",
          "ThrottlingException",
          "RequestLimitExceeded",
          "RequestThrottled",
          "TooManyRequestsException",
          "BandwidthLimitExceeded");

  /// What a call of the SDK failed with.
  static AwsProblem of(Throwable failure, AwsPlace place) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof S3Exception answered) {
      return answered(answered, place);
    }
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof AwsCredentialsMissing) {
        // Nothing was sent.
        return new Refused(String.valueOf(at.getMessage()));
      }
    }
    return new Undecided(unanswered(cause, place), false);
  }

  private static AwsProblem answered(S3Exception answer, AwsPlace place) {
    int status = answer.statusCode();
    String code = code(answer);
    String told = place.host() + " answered " + status + " " + said(answer);
    if (status == 412) {
      return new PreconditionFailed();
    }
    if (code.equals("NoSuchKey")) {
      return new Missing();
    }
    if (status == 429 || status == 503 || THROTTLING.contains(code)) {
      return new Undecided(told, true);
    }
    if (status == 408
        || status == 409
        || (status >= 500 && status != 501)
        || TRANSIENT.contains(code)) {
      return new Undecided(told, false);
    }
    if (code.isEmpty()) {
      return status == 301 || status == 403
          ? refused(status == 301 ? "PermanentRedirect" : "AccessDenied", answer, place)
          : new Undecided(told + "; is this an S3 endpoint?", false);
    }
    return refused(code, answer, place);
  }

  private static Refused refused(String code, S3Exception answer, AwsPlace place) {
    String bucket = "the bucket '" + place.bucket() + "'";
    String host = place.host();
    String why =
        switch (code) {
          case "NoSuchBucket" ->
              "there is no bucket '"
                  + place.bucket()
                  + "' at "
                  + host
                  + ": create it, or correct its name";
          case "InvalidBucketName" ->
              "'" + place.bucket() + "' is no name that a bucket can have: correct it";
          case "AccessDenied", "AllAccessDisabled", "AccountProblem" ->
              bucket
                  + " may not be used with these credentials: they need s3:GetObject,"
                  + " s3:PutObject, s3:DeleteObject and s3:ListBucket on it";
          case "InvalidAccessKeyId" ->
              host + " knows no such access key: check the credentials (AWS_ACCESS_KEY_ID)";
          case "SignatureDoesNotMatch" ->
              "the secret key is not the one of the access key: check the credentials"
                  + " (AWS_SECRET_ACCESS_KEY)";
          case "ExpiredToken", "TokenRefreshRequired" ->
              "the credentials have expired: get new ones";
          case "InvalidToken" ->
              "the session token is not one of the access key: check the credentials"
                  + " (AWS_SESSION_TOKEN)";
          case "RequestTimeTooSkewed" ->
              "the clock of this machine and the one of "
                  + host
                  + " are too far apart: set it right";
          case "PermanentRedirect",
              "TemporaryRedirect",
              "Redirect",
              "IllegalLocationConstraint",
              "AuthorizationHeaderMalformed" ->
              bucket + " is not in this region" + regionOf(answer) + ": correct the region";
          case "NotImplemented", "MethodNotAllowed" ->
              host + " lacks a part of S3 that is needed, such as conditional writes";
          default -> host + " refuses the request";
        };
    return new Refused(why + " (" + said(answer) + ")");
  }

  private static String regionOf(S3Exception answer) {
    var details = answer.awsErrorDetails();
    return details == null || details.sdkHttpResponse() == null
        ? ""
        : details
            .sdkHttpResponse()
            .firstMatchingHeader("x-amz-bucket-region")
            .map(region -> " but in " + region)
            .orElse("");
  }

  private static String code(S3Exception answer) {
    var details = answer.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  private static String said(S3Exception answer) {
    var details = answer.awsErrorDetails();
    String message =
        details == null || details.errorMessage() == null ? "" : details.errorMessage();
    return code(answer).isEmpty() ? "without an error of S3" : code(answer) + ": " + message;
  }

  private static String unanswered(Throwable cause, AwsPlace place) {
    if (cause instanceof ApiCallTimeoutException
        || cause instanceof ApiCallAttemptTimeoutException) {
      return place.host() + " did not answer in time";
    }
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof UnknownHostException) {
        return "the host of " + place.host() + " is not known: " + at.getMessage();
      }
      if (at instanceof ConnectException) {
        return "nothing listens at " + place.host() + ": " + at.getMessage();
      }
      if (at instanceof SSLException) {
        return "no trusted connection to " + place.host() + ": " + at.getMessage();
      }
    }
    return "no answer from " + place.host() + ": " + cause.getMessage();
  }
}
