package io.tidemark.devs3;

import io.tidemark.base.Bytes;
import java.util.Map;
import java.util.TreeMap;

/// One answer.
///
/// @param headers without those that the connection itself adds
/// @param length what `Content-Length` says; more than the body where that is not sent (`HEAD`)
record S3Response(int status, Map<String, String> headers, Bytes body, long length) {
  static S3Response of(int status) {
    return new S3Response(status, Map.of(), Bytes.EMPTY, 0);
  }

  static S3Response xml(int status, String text) {
    Bytes body = Bytes.utf8(text);
    return new S3Response(status, Map.of("content-type", "application/xml"), body, body.length());
  }

  S3Response with(String name, String value) {
    var more = new TreeMap<>(headers);
    more.put(name, value);
    return new S3Response(status, more, body, length);
  }

  S3Response withBody(Bytes other) {
    return new S3Response(status, headers, other, other.length());
  }

  S3Response withoutBody() {
    return new S3Response(status, headers, Bytes.EMPTY, length);
  }
}
