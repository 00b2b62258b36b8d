package io.tidemark.devs3;

import io.tidemark.base.Bytes;
import java.util.Map;

/// What is known of an object without its body.
///
/// @param serial tells versions of one object apart, for the storage
/// @param length of the body in bytes
/// @param etag the MD5 of the body in hexadecimal, without quotes
/// @param modifiedMillis since 1970-01-01 UTC
/// @param headers that were sent with it and are sent back with it, by lower-case name
record ObjectInfo(
    Bytes key,
    long serial,
    long length,
    String etag,
    long modifiedMillis,
    Map<String, String> headers) {
  ObjectInfo {
    headers = Map.copyOf(headers);
  }
}
