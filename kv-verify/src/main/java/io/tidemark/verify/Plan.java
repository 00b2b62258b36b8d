package io.tidemark.verify;

import java.time.Duration;
import java.util.List;

/// What a load is to be. Start from [#of] and change what should differ. Immutable.
///
/// @param endpoints where the replicas are, each `HOST:PORT`; clients are spread over them, and
///   each client knows one only
/// @param family which operations
/// @param clients how many clients, from 1 to 1,000
/// @param keys how many keys; a fifth of the operations is on the first of them
/// @param operationsPerSecondMax the most that all clients together send in a second
/// @param operationsMax how many operations the load has at most; it ends early when it had them
/// @param requestTimeout how long a client waits for an answer; short, so that some never know
/// @param patience how long a request before or after the load may take
/// @param prefix what all keys begin with; no key may begin so when the load starts
/// @param seed what is drawn is drawn from this
public record Plan(
    List<String> endpoints,
    Family family,
    int clients,
    int keys,
    int operationsPerSecondMax,
    int operationsMax,
    Duration requestTimeout,
    Duration patience,
    String prefix,
    long seed) {
  private static final int CLIENTS_MAX = 1_000;
  private static final int KEYS_MAX = 10_000;

  /// The most operations that a load may have.
  public static final int OPERATIONS_MAX = 2_000_000;

  /// Refuses what is out of bounds, with an `IllegalArgumentException`.
  public Plan {
    endpoints = List.copyOf(endpoints);
    require(!endpoints.isEmpty(), "an endpoint is needed");
    require(
        endpoints.stream().distinct().count() == endpoints.size(), "an endpoint is named twice");
    within("clients", clients, CLIENTS_MAX);
    within("keys", keys, KEYS_MAX);
    within("operations a second", operationsPerSecondMax, 1_000_000);
    within("operations", operationsMax, OPERATIONS_MAX);
    require(requestTimeout.isPositive(), "the request timeout must be positive");
    require(patience.isPositive(), "the patience must be positive");
    require(!prefix.isEmpty(), "a prefix is needed, so that no key of anyone else is touched");
  }

  /// 24 clients, 20 keys, at most 1,000 operations a second and 500,000 in all, a request timeout
  /// of 200 ms, a patience of 5 s, and a prefix that the seed makes.
  public static Plan of(List<String> endpoints, Family family, long seed) {
    return new Plan(
        endpoints,
        family,
        24,
        20,
        1_000,
        500_000,
        Duration.ofMillis(200),
        Duration.ofSeconds(5),
        "verify/" + Long.toHexString(seed) + "/",
        seed);
  }

  /// The same with so many clients.
  public Plan withClients(int newClients) {
    return new Plan(
        endpoints,
        family,
        newClients,
        keys,
        operationsPerSecondMax,
        operationsMax,
        requestTimeout,
        patience,
        prefix,
        seed);
  }

  /// The same with so many keys.
  public Plan withKeys(int newKeys) {
    return new Plan(
        endpoints,
        family,
        clients,
        newKeys,
        operationsPerSecondMax,
        operationsMax,
        requestTimeout,
        patience,
        prefix,
        seed);
  }

  /// The same with these bounds on how much is sent, in a second and in all.
  public Plan withOperationsMax(int perSecond, int all) {
    return new Plan(
        endpoints, family, clients, keys, perSecond, all, requestTimeout, patience, prefix, seed);
  }

  /// The same with this patience.
  public Plan withRequestTimeout(Duration timeout) {
    return new Plan(
        endpoints,
        family,
        clients,
        keys,
        operationsPerSecondMax,
        operationsMax,
        timeout,
        patience,
        prefix,
        seed);
  }

  /// The same with so much time for a request before or after the load.
  public Plan withPatience(Duration time) {
    return new Plan(
        endpoints,
        family,
        clients,
        keys,
        operationsPerSecondMax,
        operationsMax,
        requestTimeout,
        time,
        prefix,
        seed);
  }

  /// The same under another prefix.
  public Plan withPrefix(String newPrefix) {
    return new Plan(
        endpoints,
        family,
        clients,
        keys,
        operationsPerSecondMax,
        operationsMax,
        requestTimeout,
        patience,
        newPrefix,
        seed);
  }

  private static void within(String what, int number, int max) {
    require(number >= 1 && number <= max, what + ": from 1 to " + max + ", not " + number);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
