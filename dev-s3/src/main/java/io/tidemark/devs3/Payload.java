package io.tidemark.devs3;

import io.tidemark.base.Bytes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The body of a request, taken out of its encoding and checked against all that was said of it.
final class Payload {
  private static final String CHUNKED = "aws-chunked";
  private static final int SHA256_HEX_LENGTH = 64;

  private Payload() {}

  /// @param signed what signed chunks are checked with
  /// @param checksums takes the checksums that came with the body and hold
  static Bytes receive(
      S3Request request,
      Optional<Signature.Chain> signed,
      int bytesMax,
      Map<String, String> checksums) {
    String hash = request.header("x-amz-content-sha256").orElse("UNSIGNED-PAYLOAD");
    Bytes body = request.body();
    if (hash.length() == SHA256_HEX_LENGTH) {
      byte[] actual = Digests.sha256(body.unsafeArray());
      if (!HexFormat.of().formatHex(actual).equalsIgnoreCase(hash)) {
        throw new S3Exception(S3Error.CONTENT_SHA256_MISMATCH);
      }
    } else if (hash.startsWith("STREAMING-")) {
      boolean isSigned = hash.startsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
      var decoded = AwsChunks.decode(body.unsafeArray(), isSigned ? signed : Optional.empty());
      body = decoded.body();
      decoded
          .trailers()
          .forEach((name, value) -> {
            if (Checksums.isChecksum(name)) {
              checksums.put(name, value);
            }
          });
      request
          .header("x-amz-trailer")
          .ifPresent(promised -> {
            if (!decoded.trailers().containsKey(promised.strip().toLowerCase(Locale.ROOT))) {
              throw new S3Exception(
                  S3Error.INCOMPLETE_BODY, "The trailer " + promised + " is missing.");
            }
          });
      checkLength(request, body.length());
    }
    if (body.length() > bytesMax) {
      throw new S3Exception(S3Error.ENTITY_TOO_LARGE);
    }
    request
        .headers()
        .forEach((name, value) -> {
          if (Checksums.isChecksum(name)) {
            checksums.put(name, value);
          }
        });
    Checksums.verifyMd5(request.header("content-md5"), body.unsafeArray());
    for (var checksum : checksums.entrySet()) {
      Checksums.verify(checksum.getKey(), checksum.getValue(), body.unsafeArray());
    }
    return body;
  }

  /// A content encoding without the one that was taken off.
  static String withoutChunks(String encoding) {
    return Arrays.stream(encoding.split(",", -1))
        .map(String::strip)
        .filter(each -> !each.equals(CHUNKED) && !each.isEmpty())
        .collect(Collectors.joining(","));
  }

  private static void checkLength(S3Request request, int length) {
    var announced = request.header("x-amz-decoded-content-length");
    if (announced.isPresent() && !announced.get().strip().equals(Integer.toString(length))) {
      throw new S3Exception(S3Error.INCOMPLETE_BODY);
    }
  }
}
