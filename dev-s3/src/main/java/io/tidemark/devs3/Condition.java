package io.tidemark.devs3;

import java.util.Optional;

/// What must hold of an object for a request to take effect.
sealed interface Condition {
  /// Whatever is there.
  record None() implements Condition {}

  /// There must be no such object.
  record IfAbsent() implements Condition {}

  /// It must be there with this entity tag, or with any where that is `*`.
  record IfMatch(String etag) implements Condition {}

  /// The error, if it does not hold.
  default Optional<S3Error> refusal(Optional<ObjectInfo> present) {
    return switch (this) {
      case None() -> Optional.empty();
      case IfAbsent() -> present.map(_ -> S3Error.PRECONDITION_FAILED);
      case IfMatch(var etag) -> {
        if (present.isEmpty()) {
          yield Optional.of(S3Error.NO_SUCH_KEY);
        }
        yield matches(etag, present.get().etag())
            ? Optional.empty()
            : Optional.of(S3Error.PRECONDITION_FAILED);
      }
    };
  }

  /// Whether a header's tag, quoted or not or `*`, is this one.
  static boolean matches(String header, String etag) {
    String bare = header.strip().replace("\"", "");
    return bare.equals("*") || bare.equals(etag);
  }
}
