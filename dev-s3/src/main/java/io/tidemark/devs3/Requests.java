package io.tidemark.devs3;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.tidemark.base.Bytes;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Takes an HTTP request apart.
///
/// The bucket is the first part of the path, or, where the host is `BUCKET.localhost` or
/// `BUCKET.s3.ANYTHING`, the first part of the host.
final class Requests {
  private static final String LOCALHOST = ".localhost";
  private static final String S3 = ".s3.";

  private Requests() {}

  /// The request, or nothing if its address cannot be read.
  static Optional<S3Request> parse(HttpRequest request, Bytes body, int clientPort) {
    String uri = request.uri();
    int question = uri.indexOf('?');
    String path = question < 0 ? uri : uri.substring(0, question);
    var query = Encoding.query(question < 0 ? "" : uri.substring(question + 1));
    var decoded = Encoding.decode(path);
    if (query.isEmpty() || decoded.isEmpty() || !decoded.get().startsWith("/")) {
      return Optional.empty();
    }
    String bucket = bucketOfHost(request.headers().get(HttpHeaderNames.HOST, ""));
    String key = decoded.get().substring(1);
    if (bucket.isEmpty()) {
      int slash = key.indexOf('/');
      bucket = slash < 0 ? key : key.substring(0, slash);
      key = slash < 0 ? "" : key.substring(slash + 1);
    }
    return Optional.of(
        new S3Request(
            request.method().name(),
            path,
            query.get(),
            headers(request),
            bucket,
            Bytes.utf8(key),
            body,
            clientPort));
  }

  private static Map<String, String> headers(HttpRequest request) {
    var headers = new TreeMap<String, String>();
    for (var header : request.headers()) {
      headers.merge(
          header.getKey().toLowerCase(Locale.ROOT),
          header.getValue(),
          (first, next) -> first + "," + next);
    }
    return headers;
  }

  private static String bucketOfHost(String host) {
    int colon = host.lastIndexOf(':');
    String name = colon < 0 ? host : host.substring(0, colon);
    int end = name.indexOf(S3);
    if (end < 0 && name.endsWith(LOCALHOST)) {
      end = name.length() - LOCALHOST.length();
    }
    return end > 0 ? name.substring(0, end) : "";
  }
}
