package io.tidemark.checkpoint;

import io.tidemark.base.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The hash that names pieces.
final class Hashes {
  private Hashes() {}

  /// SHA-256 of the first `length` bytes.
  static Bytes sha256(byte[] bytes, int length) {
    try {
      var hash = MessageDigest.getInstance("SHA-256");
      hash.update(bytes, 0, length);
      return Bytes.wrap(hash.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
