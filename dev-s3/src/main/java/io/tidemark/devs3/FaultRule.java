package io.tidemark.devs3;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/// Which requests a fault happens to.
///
/// @param fault what happens
/// @param operations to requests for one of these
/// @param keyPrefix to requests for an object whose key, or a list whose prefix, begins so
/// @param client to requests of this client
/// @param probability from 0 to 1, of each such request
/// @param skip how many such requests it spares first
/// @param times how often it happens
public record FaultRule(
    Fault fault,
    Set<Operation> operations,
    String keyPrefix,
    Client client,
    double probability,
    long skip,
    long times) {
  /// Tells clients apart, as for a partition.
  public sealed interface Client {
    /// Every client.
    record Any() implements Client {}

    /// The one that signs with this access key.
    record AccessKey(String accessKey) implements Client {}

    /// Those whose `User-Agent` contains this.
    record UserAgent(String part) implements Client {}

    /// The one whose connection comes from this port.
    record Port(int port) implements Client {}
  }

  /// Copies the set.
  public FaultRule {
    operations = Set.copyOf(operations);
    if (!(probability >= 0 && probability <= 1) || skip < 0 || times < 0) {
      throw new IllegalArgumentException(
          "a probability is from 0 to 1, and a count is not negative");
    }
  }

  /// Every request, always.
  public static FaultRule of(Fault fault) {
    return new FaultRule(
        fault, EnumSet.allOf(Operation.class), "", new Client.Any(), 1, 0, Long.MAX_VALUE);
  }

  /// The same for these operations alone.
  public FaultRule on(Operation... others) {
    return new FaultRule(
        fault, Set.copyOf(Arrays.asList(others)), keyPrefix, client, probability, skip, times);
  }

  /// The same for keys with this prefix alone.
  public FaultRule withKeyPrefix(String prefix) {
    return new FaultRule(fault, operations, prefix, client, probability, skip, times);
  }

  /// The same for this client alone.
  public FaultRule withClient(Client other) {
    return new FaultRule(fault, operations, keyPrefix, other, probability, skip, times);
  }

  /// The same with this probability.
  public FaultRule withProbability(double other) {
    return new FaultRule(fault, operations, keyPrefix, client, other, skip, times);
  }

  /// The same after so many requests.
  public FaultRule after(long requests) {
    return new FaultRule(fault, operations, keyPrefix, client, probability, requests, times);
  }

  /// The same so many times.
  public FaultRule times(long count) {
    return new FaultRule(fault, operations, keyPrefix, client, probability, skip, count);
  }

  boolean matches(S3Request request) {
    String key =
        request.key().isEmpty() ? request.parameter("prefix").orElse("") : request.key().utf8();
    return operations.contains(request.operation())
        && key.startsWith(keyPrefix)
        && switch (client) {
          case Client.Any _ -> true;
          case Client.AccessKey(var accessKey) -> request.accessKey().equals(accessKey);
          case Client.UserAgent(var part) -> request.header("user-agent").orElse("").contains(part);
          case Client.Port(var port) -> request.clientPort() == port;
        };
  }
}
