package io.tidemark.devs3;

import io.tidemark.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeMap;

/// A signature of version 4: what it covers, and the key it was made with.
///
/// @param scope `DATE/REGION/SERVICE/aws4_request`
/// @param signedHeaders their names in lower case, in order
/// @param signature in hexadecimal
record Signature(String accessKey, String scope, List<String> signedHeaders, String signature) {
  static final String ALGORITHM = "AWS4-HMAC-SHA256";

  /// What the signature of the next chunk of a body is made with.
  ///
  /// @param previous the signature before it
  record Chain(Bytes signingKey, String timestamp, String scope, String previous) {
    /// Checks a chunk's signature and goes on behind it.
    Chain next(byte[] chunk, String claimed) {
      return next("-PAYLOAD", hex(Digests.sha256(new byte[0])) + "\n", chunk, claimed);
    }

    /// Checks the signature of the trailing headers.
    void verifyTrailer(byte[] trailer, String claimed) {
      next("-TRAILER", "", trailer, claimed);
    }

    private Chain next(String kind, String between, byte[] part, String claimed) {
      String text =
          ALGORITHM
              + kind
              + "\n"
              + String.join("\n", timestamp, scope, previous)
              + "\n"
              + between
              + hex(Digests.sha256(part));
      requireEqual(hex(Digests.hmacSha256(signingKey.unsafeArray(), utf8(text))), claimed);
      return new Chain(signingKey, timestamp, scope, claimed);
    }
  }

  /// Reads the `Authorization` header.
  static Signature parse(String header) {
    if (!header.startsWith(ALGORITHM + " ")) {
      throw malformed("it is not " + ALGORITHM);
    }
    var parts = new TreeMap<String, String>();
    for (String part : header.substring(ALGORITHM.length()).split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      }
    }
    String credential = parts.getOrDefault("Credential", "");
    int slash = credential.indexOf('/');
    if (slash < 0 || !parts.containsKey("SignedHeaders") || !parts.containsKey("Signature")) {
      throw malformed("it needs Credential, SignedHeaders and Signature");
    }
    String scope = credential.substring(slash + 1);
    if (scope.split("/", -1).length != 4 || !scope.endsWith("/aws4_request")) {
      throw malformed("the credential must be KEY/DATE/REGION/SERVICE/aws4_request");
    }
    return new Signature(
        credential.substring(0, slash),
        scope,
        List.of(parts.get("SignedHeaders").split(";", -1)),
        parts.get("Signature"));
  }

  String region() {
    return scope.split("/", -1)[1];
  }

  /// Checks that the request was signed with this secret.
  ///
  /// @return what the chunks of its body, if it has some, are signed with
  Chain verify(S3Request request, String timestamp, String secretKey) {
    byte[] key = utf8("AWS4" + secretKey);
    for (String part : scope.split("/", -1)) {
      key = Digests.hmacSha256(key, utf8(part));
    }
    String text =
        String.join(
            "\n", ALGORITHM, timestamp, scope, hex(Digests.sha256(utf8(canonical(request)))));
    requireEqual(hex(Digests.hmacSha256(key, utf8(text))), signature);
    return new Chain(Bytes.wrap(key), timestamp, scope, signature);
  }

  private String canonical(S3Request request) {
    var query = new TreeMap<String, String>();
    request
        .query()
        .forEach(
            (name, value) -> query.put(Encoding.percent(name, ""), Encoding.percent(value, "")));
    var parameters = new StringJoiner("&");
    query.forEach((name, value) -> parameters.add(name + "=" + value));
    var headers = new StringBuilder();
    for (String name : signedHeaders) {
      String value = request.header(name).orElse("");
      headers.append(name).append(':').append(value.strip().replaceAll(" +", " ")).append('\n');
    }
    return String.join(
        "\n",
        request.method(),
        Encoding.percent(Encoding.decode(request.path()).orElse(request.path()), "/"),
        parameters.toString(),
        headers.toString(),
        String.join(";", signedHeaders),
        request.header("x-amz-content-sha256").orElse("UNSIGNED-PAYLOAD"));
  }

  private static void requireEqual(String expected, String claimed) {
    if (!MessageDigest.isEqual(utf8(expected), utf8(claimed))) {
      throw new S3Exception(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }
  }

  private static S3Exception malformed(String why) {
    return new S3Exception(
        S3Error.AUTHORIZATION_HEADER_MALFORMED, "The authorization header is malformed; " + why);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
