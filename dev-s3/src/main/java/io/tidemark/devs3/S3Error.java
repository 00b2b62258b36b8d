package io.tidemark.devs3;

/// What the endpoint may answer instead of doing as asked: the codes of S3 with their HTTP status.
public enum S3Error {
  /// No permission, or no credentials where some are needed.
  ACCESS_DENIED(403, "AccessDenied", "Access Denied"),
  /// The header of the signature cannot be read, or names another region.
  AUTHORIZATION_HEADER_MALFORMED(
      400, "AuthorizationHeaderMalformed", "The authorization header is malformed."),
  /// The body is not what a checksum says.
  BAD_DIGEST(400, "BadDigest", "A checksum that was sent does not match what was received."),
  /// The name is taken.
  BUCKET_ALREADY_OWNED_BY_YOU(
      409,
      "BucketAlreadyOwnedByYou",
      "Your previous request to create the named bucket succeeded and you already own it."),
  /// Another conditional request is under way: nothing is decided.
  CONDITIONAL_REQUEST_CONFLICT(
      409,
      "ConditionalRequestConflict",
      "A conflicting operation occurred during the execution of this request."),
  /// More bytes than an object may have.
  ENTITY_TOO_LARGE(400, "EntityTooLarge", "Your proposed upload exceeds the maximum size."),
  /// The session is over.
  EXPIRED_TOKEN(400, "ExpiredToken", "The provided token has expired."),
  /// Fewer bytes than announced, or chunks that are cut short.
  INCOMPLETE_BODY(
      400, "IncompleteBody", "You did not provide the number of bytes specified by the headers."),
  /// The server's own fault.
  INTERNAL_ERROR(500, "InternalError", "We encountered an internal error. Please try again."),
  /// Nobody has this access key.
  INVALID_ACCESS_KEY_ID(
      403,
      "InvalidAccessKeyId",
      "The AWS access key ID you provided does not exist in our records."),
  /// A parameter or header that means nothing.
  INVALID_ARGUMENT(400, "InvalidArgument", "Invalid Argument"),
  /// Not a name that a bucket may have.
  INVALID_BUCKET_NAME(400, "InvalidBucketName", "The specified bucket is not valid."),
  /// A checksum that cannot be one.
  INVALID_DIGEST(400, "InvalidDigest", "The Content-MD5 or checksum value is not valid."),
  /// Nothing lies in the range.
  INVALID_RANGE(416, "InvalidRange", "The requested range is not satisfiable."),
  /// A request that makes no sense.
  INVALID_REQUEST(400, "InvalidRequest", "Invalid Request"),
  /// The session token belongs to somebody else.
  INVALID_TOKEN(400, "InvalidToken", "The provided token is malformed or otherwise not valid."),
  /// More than 1,024 bytes.
  KEY_TOO_LONG(400, "KeyTooLongError", "Your key is too long."),
  /// Not XML, or not the XML that belongs here.
  MALFORMED_XML(400, "MalformedXML", "The XML you provided was not well-formed."),
  /// Not with this resource.
  METHOD_NOT_ALLOWED(
      405, "MethodNotAllowed", "The specified method is not allowed against this resource."),
  /// No such bucket.
  NO_SUCH_BUCKET(404, "NoSuchBucket", "The specified bucket does not exist."),
  /// No such object.
  NO_SUCH_KEY(404, "NoSuchKey", "The specified key does not exist."),
  /// A part of S3 that this endpoint does not have.
  NOT_IMPLEMENTED(
      501, "NotImplemented", "This endpoint has no such operation, parameter or header."),
  /// The bucket is somewhere else.
  PERMANENT_REDIRECT(
      301,
      "PermanentRedirect",
      "The bucket you are attempting to access must be addressed using the specified endpoint."),
  /// A condition that was asked for does not hold.
  PRECONDITION_FAILED(
      412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold."),
  /// The clocks are too far apart.
  REQUEST_TIME_TOO_SKEWED(
      403,
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large."),
  /// The secret key is wrong, or the request was changed on its way.
  SIGNATURE_DOES_NOT_MATCH(
      403,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided."),
  /// Too many requests.
  SLOW_DOWN(503, "SlowDown", "Please reduce your request rate."),
  /// Not now.
  SERVICE_UNAVAILABLE(503, "ServiceUnavailable", "Service is unable to handle request."),
  /// The header of the payload's hash is wrong.
  CONTENT_SHA256_MISMATCH(
      400,
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.");

  private final int status;
  private final String code;
  private final String message;

  S3Error(int status, String code, String message) {
    this.status = status;
    this.code = code;
    this.message = message;
  }

  /// The HTTP status.
  public int status() {
    return status;
  }

  /// The word that programs look at.
  public String code() {
    return code;
  }

  /// The sentence for people.
  public String message() {
    return message;
  }
}
