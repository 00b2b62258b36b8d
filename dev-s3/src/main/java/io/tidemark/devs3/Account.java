package io.tidemark.devs3;

import java.util.Optional;

/// Somebody who may sign requests.
///
/// @param sessionToken that must come with each request, if any
/// @param standing what becomes of requests that are signed well
public record Account(
    String accessKey, String secretKey, Optional<String> sessionToken, Standing standing) {
  /// What an account is worth.
  public enum Standing {
    /// It may do everything.
    GOOD,
    /// Its session is over.
    EXPIRED,
    /// It may do nothing.
    BARRED
  }

  /// One that may do everything, for good.
  public static Account of(String accessKey, String secretKey) {
    return new Account(accessKey, secretKey, Optional.empty(), Standing.GOOD);
  }

  /// The same with another standing.
  public Account with(Standing other) {
    return new Account(accessKey, secretKey, sessionToken, other);
  }

  /// The same with a token that must be shown.
  public Account withSessionToken(String token) {
    return new Account(accessKey, secretKey, Optional.of(token), standing);
  }

  @Override
  public String toString() {
    return "Account[" + accessKey + ", " + standing + "]";
  }
}
