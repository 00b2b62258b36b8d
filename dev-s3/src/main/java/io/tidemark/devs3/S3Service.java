package io.tidemark.devs3;

import io.tidemark.base.Bytes;
import io.tidemark.devs3.Storage.Stored;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// What each request means: from the request to the answer, errors included.
final class S3Service {
  private static final int KEY_BYTES_MAX = 1_024;
  private static final int DELETE_KEYS_MAX = 1_000;
  private static final int METADATA_BYTES_MAX = 8 << 10;
  private static final String DIRECTORY_SUFFIX = "--x-s3";
  private static final Pattern BUCKET_NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  /// How long a check for put-if-absent is old when it is acted on, where it is to be broken.
  private static final long BROKEN_WINDOW_MILLIS = 20;

  /// Headers that are kept with an object and sent back, besides `x-amz-meta-`.
  private static final Set<String> KEPT =
      Set.of(
          "cache-control",
          "content-disposition",
          "content-encoding",
          "content-language",
          "content-type",
          "expires",
          "x-amz-storage-class");

  /// Parameters that change nothing, or are read where they belong.
  private static final Set<String> PARAMETERS =
      Set.of(
          "x-id",
          "delete",
          "location",
          "session",
          "list-type",
          "prefix",
          "delimiter",
          "start-after",
          "continuation-token",
          "max-keys",
          "encoding-type",
          "fetch-owner");

  /// Headers that ask for what is not here.
  private static final Set<String> REFUSED =
      Set.of("x-amz-copy-source", "x-amz-write-offset-bytes", "if-unmodified-since");

  private final DevS3Config config;
  private final Storage storage;
  private final Authenticator authenticator;

  S3Service(DevS3Config config, Storage storage) {
    this.config = config;
    this.storage = storage;
    authenticator = new Authenticator(config.accounts(), config.region(), config.clock());
  }

  /// Answers a request; never fails.
  CompletableFuture<S3Response> handle(S3Request request) {
    CompletableFuture<S3Response> answer;
    try {
      answer = route(request, authenticator.authenticate(request));
    } catch (RuntimeException failure) {
      answer = CompletableFuture.failedFuture(failure);
    }
    return answer
        .exceptionally(failure -> error(failure, request))
        .thenApply(response -> request.method().equals("HEAD") ? response.withoutBody() : response);
  }

  /// The answer to a request that came to nothing.
  S3Response error(Throwable failure, S3Request request) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof S3Exception known) {
      return error(known.error(), String.valueOf(known.getMessage()), request);
    }
    return error(S3Error.INTERNAL_ERROR, "a fault of this endpoint: " + cause, request);
  }

  /// The answer that is this error.
  S3Response error(S3Error error, String message, S3Request request) {
    Xml xml =
        Xml.bare("Error")
            .element("Code", error.code())
            .element("Message", message)
            .element("Resource", request.path());
    if (!request.bucket().isEmpty()) {
      xml.element("BucketName", request.bucket());
    }
    if (error == S3Error.AUTHORIZATION_HEADER_MALFORMED || error == S3Error.PERMANENT_REDIRECT) {
      xml.element("Region", config.region());
    }
    var response = S3Response.xml(error.status(), xml.end());
    return error == S3Error.PERMANENT_REDIRECT
        ? response.with("x-amz-bucket-region", config.region())
        : response;
  }

  private CompletableFuture<S3Response> route(S3Request request, Optional<Signature.Chain> signed) {
    request.query().keySet().stream()
        .filter(name -> !PARAMETERS.contains(name))
        .forEach(name -> {
          throw new S3Exception(
              S3Error.NOT_IMPLEMENTED, "There is no parameter " + name + " here.");
        });
    request.headers().keySet().stream()
        .filter(REFUSED::contains)
        .forEach(name -> {
          throw new S3Exception(S3Error.NOT_IMPLEMENTED, "There is no header " + name + " here.");
        });
    if (request.key().length() > KEY_BYTES_MAX) {
      throw new S3Exception(S3Error.KEY_TOO_LONG);
    }
    return switch (request.operation()) {
      case PUT_OBJECT -> put(request, signed);
      case GET_OBJECT -> get(request);
      case HEAD_OBJECT -> CompletableFuture.completedFuture(head(request));
      case DELETE_OBJECT -> delete(request);
      case DELETE_OBJECTS -> deleteAll(request, signed);
      case LIST_OBJECTS_V2 -> CompletableFuture.completedFuture(list(request));
      case CREATE_BUCKET -> CompletableFuture.completedFuture(createBucket(request));
      case HEAD_BUCKET -> CompletableFuture.completedFuture(headBucket(request));
      case LIST_BUCKETS -> CompletableFuture.completedFuture(listBuckets());
      case GET_BUCKET_LOCATION -> CompletableFuture.completedFuture(location(request));
      case CREATE_SESSION -> CompletableFuture.completedFuture(session(request));
      case OTHER -> throw new S3Exception(S3Error.NOT_IMPLEMENTED);
    };
  }

  private CompletableFuture<S3Response> put(S3Request request, Optional<Signature.Chain> signed) {
    storage.objects(request.bucket());
    var checksums = new TreeMap<String, String>();
    Bytes body = Payload.receive(request, signed, config.bounds().objectBytesMax(), checksums);
    Condition condition = condition(request);
    var headers = new TreeMap<>(checksums);
    request
        .headers()
        .forEach((name, value) -> {
          if (KEPT.contains(name) || name.startsWith("x-amz-meta-")) {
            headers.put(name, value);
          }
        });
    String encoding = Payload.withoutChunks(headers.getOrDefault("content-encoding", ""));
    if (encoding.isEmpty()) {
      headers.remove("content-encoding");
    } else {
      headers.put("content-encoding", encoding);
    }
    int metadataBytes =
        headers.entrySet().stream()
            .mapToInt(header -> header.getKey().length() + header.getValue().length())
            .sum();
    if (metadataBytes > METADATA_BYTES_MAX) {
      throw new S3Exception(S3Error.INVALID_ARGUMENT, "Your metadata headers are too large.");
    }
    String etag = HexFormat.of().formatHex(Digests.md5(body.unsafeArray()));
    var info =
        new ObjectInfo(request.key(), 0, body.length(), etag, config.clock().wallMillis(), headers);
    return store(request.bucket(), info, body, condition)
        .thenApply(_ -> {
          var response = S3Response.of(200).with("etag", quoted(etag));
          for (var checksum : checksums.entrySet()) {
            response = response.with(checksum.getKey(), checksum.getValue());
          }
          return response;
        });
  }

  private CompletableFuture<Void> store(
      String bucket, ObjectInfo info, Bytes body, Condition condition) {
    if (!config.brokenPutIfAbsent() || !(condition instanceof Condition.IfAbsent)) {
      return storage.put(bucket, info, body, condition);
    }
    condition
        .refusal(Optional.ofNullable(storage.objects(bucket).get(info.key())))
        .ifPresent(refusal -> {
          throw new S3Exception(refusal);
        });
    return new CompletableFuture<Void>()
        .completeOnTimeout(null, BROKEN_WINDOW_MILLIS, TimeUnit.MILLISECONDS)
        .thenCompose(_ -> storage.put(bucket, info, body, new Condition.None()));
  }

  private static Condition condition(S3Request request) {
    var absent = request.header("if-none-match");
    var match = request.header("if-match");
    if (absent.isPresent()) {
      if (!absent.get().strip().equals("*") || match.isPresent()) {
        throw new S3Exception(S3Error.NOT_IMPLEMENTED, "If-None-Match can be * alone here.");
      }
      return new Condition.IfAbsent();
    }
    return match.isPresent() ? new Condition.IfMatch(match.get()) : new Condition.None();
  }

  private CompletableFuture<S3Response> get(S3Request request) {
    return storage
        .get(request.bucket(), request.key())
        .thenApply(found -> {
          Stored stored = found.orElseThrow(() -> new S3Exception(S3Error.NO_SUCH_KEY));
          S3Response whole = described(stored.info(), request);
          if (whole.status() != 200) {
            return whole;
          }
          return Range.of(request.header("range"), stored.body().length())
              .map(range ->
                  new S3Response(206, whole.headers(), whole.body(), 0)
                      .with("content-range", range.header())
                      .withBody(range.of(stored.body())))
              .orElseGet(() -> whole.withBody(stored.body()));
        });
  }

  private S3Response head(S3Request request) {
    ObjectInfo info = storage.objects(request.bucket()).get(request.key());
    if (info == null) {
      throw new S3Exception(S3Error.NO_SUCH_KEY);
    }
    return described(info, request);
  }

  /// An answer with all that is known of the object and no body yet.
  private static S3Response described(ObjectInfo info, S3Request request) {
    var match = request.header("if-match");
    if (match.isPresent() && !Condition.matches(match.get(), info.etag())) {
      throw new S3Exception(S3Error.PRECONDITION_FAILED);
    }
    var none = request.header("if-none-match");
    if (none.isPresent() && Condition.matches(none.get(), info.etag())) {
      return S3Response.of(304).with("etag", quoted(info.etag()));
    }
    var headers = new TreeMap<String, String>();
    headers.put("content-type", "binary/octet-stream");
    boolean tellsChecksums = request.header("x-amz-checksum-mode").isPresent();
    info.headers()
        .forEach((name, value) -> {
          if (tellsChecksums || !Checksums.isChecksum(name)) {
            headers.put(name, value);
          }
        });
    headers.put("etag", quoted(info.etag()));
    headers.put("accept-ranges", "bytes");
    headers.put("last-modified", httpTime(info.modifiedMillis()));
    return new S3Response(200, headers, Bytes.EMPTY, info.length());
  }

  private CompletableFuture<S3Response> delete(S3Request request) {
    return storage
        .delete(request.bucket(), List.of(request.key()), condition(request))
        .thenApply(_ -> S3Response.of(204));
  }

  private CompletableFuture<S3Response> deleteAll(
      S3Request request, Optional<Signature.Chain> signed) {
    storage.objects(request.bucket());
    Bytes body =
        Payload.receive(request, signed, config.bounds().objectBytesMax(), new TreeMap<>());
    Xml.Deletion deletion = Xml.readDeletion(body.unsafeArray());
    if (deletion.keys().isEmpty() || deletion.keys().size() > DELETE_KEYS_MAX) {
      throw new S3Exception(S3Error.MALFORMED_XML, "There must be 1 to 1000 keys.");
    }
    var good = new ArrayList<Bytes>();
    var tooLong = new ArrayList<String>();
    for (String key : deletion.keys()) {
      var bytes = Bytes.utf8(key);
      if (bytes.length() > KEY_BYTES_MAX) {
        tooLong.add(key);
      } else if (!bytes.isEmpty()) {
        good.add(bytes);
      }
    }
    return storage
        .delete(request.bucket(), good, new Condition.None())
        .thenApply(_ -> {
          Xml xml = Xml.answer("DeleteResult");
          if (!deletion.quiet()) {
            good.forEach(key -> xml.open("Deleted").element("Key", key.utf8()).close());
          }
          for (String key : tooLong) {
            xml.open("Error")
                .element("Key", key)
                .element("Code", S3Error.KEY_TOO_LONG.code())
                .element("Message", S3Error.KEY_TOO_LONG.message())
                .close();
          }
          return S3Response.xml(200, xml.end());
        });
  }

  private S3Response list(S3Request request) {
    int asked;
    try {
      asked = Integer.parseInt(request.parameter("max-keys").orElse("1000"));
    } catch (NumberFormatException wrong) {
      throw new S3Exception(S3Error.INVALID_ARGUMENT, "max-keys must be an integer");
    }
    if (asked < 0) {
      throw new S3Exception(S3Error.INVALID_ARGUMENT, "max-keys must not be negative");
    }
    String token = request.parameter("continuation-token").orElse("");
    var query =
        new Listing.Query(
            Bytes.utf8(request.parameter("prefix").orElse("")),
            Bytes.utf8(request.parameter("delimiter").orElse("")),
            Bytes.utf8(request.parameter("start-after").orElse("")),
            token,
            Math.min(asked, config.bounds().listKeysMax()));
    var objects = storage.objects(request.bucket());
    boolean isDirectory = request.bucket().endsWith(DIRECTORY_SUFFIX);
    if (isDirectory) {
      checkDirectoryQuery(query);
    }
    Listing page =
        isDirectory ? Listing.unordered(objects, query) : Listing.ordered(objects, query);
    return S3Response.xml(200, ListXml.write(request, query, page));
  }

  private static void checkDirectoryQuery(Listing.Query query) {
    if (!query.startAfter().isEmpty()) {
      throw new S3Exception(S3Error.NOT_IMPLEMENTED, "Directory buckets have no start-after.");
    }
    boolean endsInSlash = query.prefix().isEmpty() || query.prefix().utf8().endsWith("/");
    boolean isSlash = query.delimiter().isEmpty() || query.delimiter().utf8().equals("/");
    if (!endsInSlash || !isSlash) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST,
          "In directory buckets a prefix ends in the delimiter, and that is /.");
    }
  }

  private S3Response createBucket(S3Request request) {
    String name = request.bucket();
    if (!isBucketName(name)) {
      throw new S3Exception(S3Error.INVALID_BUCKET_NAME);
    }
    if (!storage.createBucket(name)) {
      throw new S3Exception(S3Error.BUCKET_ALREADY_OWNED_BY_YOU);
    }
    return S3Response.of(200).with("location", "/" + name);
  }

  private S3Response headBucket(S3Request request) {
    storage.objects(request.bucket());
    return S3Response.of(200).with("x-amz-bucket-region", config.region());
  }

  private S3Response listBuckets() {
    Xml xml = Xml.answer("ListAllMyBucketsResult");
    xml.open("Owner").element("ID", "tidemark").close().open("Buckets");
    for (String bucket : storage.buckets()) {
      xml.open("Bucket")
          .element("Name", bucket)
          .element("CreationDate", Instant.EPOCH.toString())
          .close();
    }
    return S3Response.xml(200, xml.end());
  }

  private S3Response location(S3Request request) {
    storage.objects(request.bucket());
    // The oldest region has no name here.
    String region = config.region().equals("us-east-1") ? "" : config.region();
    return S3Response.xml(
        200, Xml.answer("LocationConstraint").end().replace("></", ">" + region + "</"));
  }

  private S3Response session(S3Request request) {
    storage.objects(request.bucket());
    if (!request.bucket().endsWith(DIRECTORY_SUFFIX)) {
      throw new S3Exception(S3Error.INVALID_REQUEST, "Directory buckets alone have sessions.");
    }
    Account session = authenticator.openSession();
    Instant end = Instant.ofEpochMilli(config.clock().wallMillis()).plusSeconds(300);
    return S3Response.xml(
        200,
        Xml.answer("CreateSessionResult")
            .open("Credentials")
            .element("SessionToken", session.sessionToken().orElseThrow())
            .element("SecretAccessKey", session.secretKey())
            .element("AccessKeyId", session.accessKey())
            .element("Expiration", end.toString())
            .end());
  }

  static boolean isBucketName(String name) {
    return BUCKET_NAME.matcher(name).matches() && !name.contains("..");
  }

  static String quoted(String etag) {
    return '"' + etag + '"';
  }

  private static String httpTime(long millis) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(
        ZonedDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC));
  }
}
