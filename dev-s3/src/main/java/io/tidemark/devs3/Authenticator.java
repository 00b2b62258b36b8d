package io.tidemark.devs3;

import io.tidemark.base.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Decides whether a request may be served, by its signature.
final class Authenticator {
  static final DateTimeFormatter BASIC_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private static final Duration SKEW_MAX = Duration.ofMinutes(15);
  private static final int SESSIONS_MAX = 10_000;

  private final Map<String, Account> accounts;
  private final Map<String, Account> sessions = new ConcurrentHashMap<>();
  private final AtomicLong sessionNumbers = new AtomicLong();
  private final String region;
  private final Clock clock;

  Authenticator(List<Account> accounts, String region, Clock clock) {
    this.accounts =
        accounts.stream().collect(Collectors.toMap(Account::accessKey, Function.identity()));
    this.region = region;
    this.clock = clock;
  }

  /// Lets the request pass or throws why not.
  ///
  /// @return what chunks of the body are signed with, if anybody must sign anything
  Optional<Signature.Chain> authenticate(S3Request request) {
    if (accounts.isEmpty()) {
      return Optional.empty();
    }
    var header = request.header("authorization");
    if (header.isEmpty()) {
      throw new S3Exception(S3Error.ACCESS_DENIED, "This endpoint serves signed requests alone.");
    }
    Signature signature = Signature.parse(header.get());
    Account account = account(signature.accessKey());
    if (!signature.region().equals(region)) {
      throw new S3Exception(
          S3Error.AUTHORIZATION_HEADER_MALFORMED,
          "The authorization header is malformed; the region '"
              + signature.region()
              + "' is wrong; expecting '"
              + region
              + "'");
    }
    String timestamp = request.header("x-amz-date").orElse("");
    checkTime(timestamp, signature);
    Signature.Chain chain = signature.verify(request, timestamp, account.secretKey());
    checkToken(account, request);
    return switch (account.standing()) {
      case GOOD -> Optional.of(chain);
      case EXPIRED -> throw new S3Exception(S3Error.EXPIRED_TOKEN);
      case BARRED -> throw new S3Exception(S3Error.ACCESS_DENIED);
    };
  }

  /// Makes short-lived credentials for a directory bucket.
  Account openSession() {
    if (sessions.size() >= SESSIONS_MAX) {
      throw new S3Exception(S3Error.SLOW_DOWN);
    }
    long number = sessionNumbers.incrementAndGet();
    var session =
        Account.of("SESSION" + number, "session-secret-" + number)
            .withSessionToken("session-token-" + number);
    if (!accounts.isEmpty()) {
      sessions.put(session.accessKey(), session);
    }
    return session;
  }

  private Account account(String accessKey) {
    Account account = accounts.getOrDefault(accessKey, sessions.get(accessKey));
    if (account == null) {
      throw new S3Exception(S3Error.INVALID_ACCESS_KEY_ID);
    }
    return account;
  }

  private static void checkToken(Account account, S3Request request) {
    var token =
        request.header("x-amz-security-token").or(() -> request.header("x-amz-s3session-token"));
    if (!token.equals(account.sessionToken())) {
      throw new S3Exception(S3Error.INVALID_TOKEN);
    }
  }

  private void checkTime(String timestamp, Signature signature) {
    Instant sent;
    try {
      sent = Instant.from(BASIC_TIME.parse(timestamp));
    } catch (DateTimeParseException wrong) {
      throw new S3Exception(
          S3Error.ACCESS_DENIED, "AWS authentication requires a valid Date or x-amz-date header");
    }
    Instant now = Instant.ofEpochMilli(clock.wallMillis());
    if (Duration.between(sent, now).abs().compareTo(SKEW_MAX) > 0) {
      throw new S3Exception(
          S3Error.REQUEST_TIME_TOO_SKEWED,
          S3Error.REQUEST_TIME_TOO_SKEWED.message()
              + " Request: "
              + sent
              + ", server: "
              + now
              + ".");
    }
    if (!signature.scope().startsWith(timestamp.substring(0, 8) + "/")) {
      throw new S3Exception(
          S3Error.AUTHORIZATION_HEADER_MALFORMED,
          "The authorization header is malformed; its date is not the one of x-amz-date");
    }
  }
}
