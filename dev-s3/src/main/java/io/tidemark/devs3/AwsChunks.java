package io.tidemark.devs3;

import io.tidemark.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A body in the encoding `aws-chunked`: chunks with their lengths in hexadecimal, maybe signed one
/// by one, then maybe headers.
///
/// ```text
///   3;chunk-signature=...  CRLF  abc  CRLF
///   0;chunk-signature=...  CRLF
///   x-amz-checksum-crc32:...  CRLF
///   x-amz-trailer-signature:...  CRLF  CRLF
/// ```
final class AwsChunks {
  private static final String SIGNATURE = ";chunk-signature=";
  private static final String TRAILER_SIGNATURE = "x-amz-trailer-signature";

  /// What was inside.
  ///
  /// @param trailers by lower-case name
  record Decoded(Bytes body, Map<String, String> trailers) {}

  private final byte[] coded;
  private final Optional<Signature.Chain> signed;
  private int at;

  private AwsChunks(byte[] coded, Optional<Signature.Chain> signed) {
    this.coded = coded;
    this.signed = signed;
  }

  /// @param signed what the chunks' signatures are to be checked with, if they have some
  static Decoded decode(byte[] coded, Optional<Signature.Chain> signed) {
    return new AwsChunks(coded, signed).decode();
  }

  private Decoded decode() {
    var body = new ByteArrayOutputStream(coded.length);
    Optional<Signature.Chain> chain = signed;
    while (true) {
      String line = line();
      int semicolon = line.indexOf(';');
      int length = length(semicolon < 0 ? line : line.substring(0, semicolon));
      if (length > coded.length - at) {
        throw new S3Exception(S3Error.INCOMPLETE_BODY);
      }
      byte[] chunk = Arrays.copyOfRange(coded, at, at + length);
      at += length;
      if (chain.isPresent()) {
        if (semicolon < 0 || !line.startsWith(SIGNATURE, semicolon)) {
          throw new S3Exception(S3Error.INCOMPLETE_BODY, "A chunk has no signature.");
        }
        String claimed = line.substring(semicolon + SIGNATURE.length());
        chain = Optional.of(chain.get().next(chunk, claimed));
      }
      if (length == 0) {
        return new Decoded(Bytes.wrap(body.toByteArray()), trailers(chain));
      }
      body.writeBytes(chunk);
      if (!line().isEmpty()) {
        throw new S3Exception(S3Error.INCOMPLETE_BODY, "A chunk is longer than it says.");
      }
    }
  }

  private Map<String, String> trailers(Optional<Signature.Chain> chain) {
    var trailers = new TreeMap<String, String>();
    var covered = new StringBuilder();
    while (at < coded.length) {
      String line = line();
      int colon = line.indexOf(':');
      if (line.isEmpty() || colon < 0) {
        continue;
      }
      String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      trailers.put(name, value);
      if (!name.equals(TRAILER_SIGNATURE)) {
        covered.append(name).append(':').append(value).append('\n');
      }
    }
    if (chain.isPresent() && !covered.isEmpty()) {
      chain
          .get()
          .verifyTrailer(
              covered.toString().getBytes(StandardCharsets.UTF_8),
              trailers.getOrDefault(TRAILER_SIGNATURE, ""));
    }
    return trailers;
  }

  private static int length(String digits) {
    try {
      int length = Integer.parseInt(digits.strip(), 16);
      if (length >= 0) {
        return length;
      }
    } catch (NumberFormatException wrong) {
      // As a negative one.
    }
    throw new S3Exception(S3Error.INCOMPLETE_BODY, "A chunk has no length.");
  }

  private String line() {
    for (int end = at; end + 1 < coded.length; end++) {
      if (coded[end] == '\r' && coded[end + 1] == '\n') {
        String line = new String(coded, at, end - at, StandardCharsets.UTF_8);
        at = end + 2;
        return line;
      }
    }
    throw new S3Exception(S3Error.INCOMPLETE_BODY);
  }
}
