package io.tidemark.devs3;

import io.tidemark.base.Clock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// How an endpoint is set up.
///
/// @param listen port 0 takes a free one
/// @param dir where the objects are kept, or nothing to keep them in memory
/// @param accounts who may sign requests; with none, every request is taken as it comes
/// @param region that requests must be signed for
/// @param buckets that are made at the start where they are missing
/// @param bounds what requests are held to
/// @param faultsPort the loopback port of the fault control, 0 for a free one; nothing for none
/// @param brokenPutIfAbsent whether two writers that race may both be told that they were first, as
///   with stores that a log must refuse to run on
/// @param clock that requests' times are compared with
public record DevS3Config(
    InetSocketAddress listen,
    Optional<Path> dir,
    List<Account> accounts,
    String region,
    List<String> buckets,
    Bounds bounds,
    OptionalInt faultsPort,
    boolean brokenPutIfAbsent,
    Clock clock) {
  /// What requests are held to.
  ///
  /// @param objectBytesMax the largest body
  /// @param inFlightBytesMax all bodies together that are being received or worked on
  /// @param headerBytesMax the headers of one request, and its first line
  /// @param connectionsMax at a time
  /// @param listKeysMax on one page
  public record Bounds(
      int objectBytesMax,
      long inFlightBytesMax,
      int headerBytesMax,
      int connectionsMax,
      int listKeysMax) {
    /// 64 MiB an object, 256 MiB in flight, 32 KiB of headers, 1,024 connections, 1,000 keys.
    public static final Bounds DEFAULT = new Bounds(64 << 20, 256L << 20, 32 << 10, 1_024, 1_000);
  }

  /// Copies the lists.
  public DevS3Config {
    accounts = List.copyOf(accounts);
    buckets = List.copyOf(buckets);
  }

  /// An endpoint in memory on a free port of the loopback address, with a bucket `tidemark`, open
  /// to everybody.
  public static DevS3Config inMemory() {
    return new DevS3Config(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        Optional.empty(),
        List.of(),
        "us-east-1",
        List.of("tidemark"),
        Bounds.DEFAULT,
        OptionalInt.empty(),
        false,
        Clock.SYSTEM);
  }

  /// The same, listening there.
  public DevS3Config withListen(InetSocketAddress other) {
    return new DevS3Config(
        other, dir, accounts, region, buckets, bounds, faultsPort, brokenPutIfAbsent, clock);
  }

  /// The same with objects in this directory.
  public DevS3Config withDir(Path other) {
    return new DevS3Config(
        listen,
        Optional.of(other),
        accounts,
        region,
        buckets,
        bounds,
        faultsPort,
        brokenPutIfAbsent,
        clock);
  }

  /// The same for these accounts alone.
  public DevS3Config withAccounts(List<Account> others) {
    return new DevS3Config(
        listen, dir, others, region, buckets, bounds, faultsPort, brokenPutIfAbsent, clock);
  }

  /// The same in this region.
  public DevS3Config withRegion(String other) {
    return new DevS3Config(
        listen, dir, accounts, other, buckets, bounds, faultsPort, brokenPutIfAbsent, clock);
  }

  /// The same with these buckets.
  public DevS3Config withBuckets(List<String> others) {
    return new DevS3Config(
        listen, dir, accounts, region, others, bounds, faultsPort, brokenPutIfAbsent, clock);
  }

  /// The same with other bounds.
  public DevS3Config withBounds(Bounds others) {
    return new DevS3Config(
        listen, dir, accounts, region, buckets, others, faultsPort, brokenPutIfAbsent, clock);
  }

  /// The same with faults controlled over HTTP, on this loopback port.
  public DevS3Config withFaultsPort(int port) {
    return new DevS3Config(
        listen,
        dir,
        accounts,
        region,
        buckets,
        bounds,
        OptionalInt.of(port),
        brokenPutIfAbsent,
        clock);
  }

  /// The same with put-if-absent that several may win.
  public DevS3Config withBrokenPutIfAbsent() {
    return new DevS3Config(listen, dir, accounts, region, buckets, bounds, faultsPort, true, clock);
  }

  /// The same with another clock.
  public DevS3Config withClock(Clock other) {
    return new DevS3Config(
        listen, dir, accounts, region, buckets, bounds, faultsPort, brokenPutIfAbsent, other);
  }
}
