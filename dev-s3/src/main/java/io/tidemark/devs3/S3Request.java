package io.tidemark.devs3;

import io.tidemark.base.Bytes;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// One request, whole, with its address taken apart.
///
/// @param method `GET` and so on
/// @param path as it was sent, still encoded
/// @param query decoded, in the order sent; a parameter without a value has the empty one
/// @param headers by lower-case name
/// @param bucket the bucket's name, empty where none is named
/// @param key the object's key, empty where none is named
/// @param body as it was sent
/// @param clientPort where the client's connection comes from
record S3Request(
    String method,
    String path,
    SequencedMap<String, String> query,
    Map<String, String> headers,
    String bucket,
    Bytes key,
    Bytes body,
    int clientPort) {

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /// The access key that the request says it is signed with, or nothing.
  String accessKey() {
    String authorization = headers.getOrDefault("authorization", "");
    int start = authorization.indexOf("Credential=");
    int end = start < 0 ? -1 : authorization.indexOf('/', start);
    return end < 0 ? "" : authorization.substring(start + "Credential=".length(), end);
  }

  Operation operation() {
    boolean hasKey = !key.isEmpty();
    if (bucket.isEmpty()) {
      return method.equals("GET") ? Operation.LIST_BUCKETS : Operation.OTHER;
    }
    return switch (method) {
      case "PUT" -> hasKey ? Operation.PUT_OBJECT : Operation.CREATE_BUCKET;
      case "HEAD" -> hasKey ? Operation.HEAD_OBJECT : Operation.HEAD_BUCKET;
      case "DELETE" -> hasKey ? Operation.DELETE_OBJECT : Operation.OTHER;
      case "POST" ->
          !hasKey && query.containsKey("delete") ? Operation.DELETE_OBJECTS : Operation.OTHER;
      case "GET" -> {
        if (hasKey) {
          yield Operation.GET_OBJECT;
        } else if (query.containsKey("location")) {
          yield Operation.GET_BUCKET_LOCATION;
        } else if (query.containsKey("session")) {
          yield Operation.CREATE_SESSION;
        }
        yield "2".equals(query.get("list-type")) ? Operation.LIST_OBJECTS_V2 : Operation.OTHER;
      }
      default -> Operation.OTHER;
    };
  }
}
