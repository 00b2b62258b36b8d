package io.tidemark.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.CheckpointAddress;
import io.tidemark.checkpoint.CheckpointStore;
import io.tidemark.checkpoint.Seams;
import io.tidemark.client.TidemarkClient;
import io.tidemark.log.s3.S3Options;
import io.tidemark.log.stores.ForeignStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What checkpoints are for: the log stays small under a load that does not end, and a new replica
/// is ready soon. On a journal that a server serves, and in a bucket; one replica makes checkpoints
/// and another one verifies them.
///
/// `-Dtidemark.checkpoint.keys=5000000 -Dtidemark.checkpoint.seconds=600` are the sizes of the
/// acceptance run, with `-Dtidemark.checkpoint.rate` requests a second. Times are printed; what a
/// build holds them to are sizes.
@Timeout(3_000)
class CheckpointsTest {
  private static final int KEYS = Integer.getInteger("tidemark.checkpoint.keys", 40_000);
  private static final int SECONDS = Integer.getInteger("tidemark.checkpoint.seconds", 5);
  private static final int RATE = Integer.getInteger("tidemark.checkpoint.rate", 1_000);
  private static final int LARGE = 1_000_000;
  private static final int VALUE_BYTES = 100;

  /// What a record holds beside its value, about.
  private static final long RECORD_BYTES = VALUE_BYTES + 60;

  /// The log of a journal is trimmed by whole segments, one of which is made ahead.
  private static final long SEGMENT_BYTES = 64L << 20;

  private static final String TRIM_SOON = "--s3-trim-delay=5s";
  private static final String MAKE_NONE = "--checkpoint-make=off";

  @TempDir Path directory;

  /// Where checkpoints are kept, and how large the log is.
  ///
  /// @param options of every replica there
  private record Place(
      String name, CheckpointAddress checkpoints, List<String> options, LongSupplier logBytes) {
    String[] with(String... more) {
      var all = new ArrayList<>(options);
      all.addAll(List.of(more));
      return all.toArray(String[]::new);
    }

    void say(String what) {
      System.out.println(name + ": " + what);
    }

    /// Those that may be relied on.
    List<Checkpoint> verified() {
      var timers = Timers.onThread("checkpoints");
      var seams = new Seams(Clock.SYSTEM, timers, new Random(1));
      try (timers;
          var store = CheckpointStore.openExisting(checkpoints.open(), seams)) {
        return store.catalogue().verified();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void theLogOfAJournalStaysSmallAndANewReplicaIsReadySoon() throws Exception {
    Path checkpoints = directory.resolve("checkpoints");
    List<String> options = List.of("--checkpoints=" + checkpoints);
    try (var cluster = start(Cluster.in(directory), options)) {
      Path log = cluster.log().data();
      trial(
          cluster,
          new Place(
              "journal",
              new CheckpointAddress.Directory(checkpoints),
              options,
              () -> Sizes.ofDirectory(log)));
    }
  }

  @Test
  void theLogInABucketStaysSmallAndANewReplicaIsReadySoon() throws Exception {
    String checkpoints = "s3://" + ForeignStore.BUCKET + "/checkpoints";
    List<String> options = List.of("--checkpoints=" + checkpoints, TRIM_SOON);
    try (var cluster = start(Cluster.in(directory).inBucket(), options);
        var sizes = Sizes.ofBucket("http://" + cluster.log().endpoint())) {
      S3Options reached =
          S3Options.DEFAULT
              .at(
                  Optional.of(URI.create("http://" + cluster.log().endpoint())),
                  Optional.of("us-east-1"),
                  true)
              .as(new S3Options.Credentials("anybody", "unchecked", Optional.empty()));
      trial(
          cluster,
          new Place(
              "bucket",
              CheckpointAddress.parse(checkpoints, reached),
              options,
              () -> sizes.of("db/")));
    }
  }

  private static Cluster start(Cluster.Plan plan, List<String> options) {
    var all = new ArrayList<>(options);
    all.add(MAKE_NONE);
    return plan.replicas(2).options(all.toArray(String[]::new)).start();
  }

  private void trial(Cluster cluster, Place place) throws Exception {
    try {
      run(cluster, place);
    } catch (AssertionError failure) {
      String said =
          cluster.replicas().stream()
              .map(each -> each.program().output())
              .collect(Collectors.joining("\n"));
      throw new AssertionError(failure.getMessage() + "; the replicas said:\n" + said, failure);
    }
  }

  private void run(Cluster cluster, Place place) throws Exception {
    var load = new SteadyLoad(KEYS, RATE, VALUE_BYTES, 1);
    try (var client =
        TidemarkClient.builder()
            .endpoints(cluster.endpoints().getFirst())
            .deadline(Duration.ofMinutes(1))
            .attemptTimeout(Duration.ofMinutes(1))
            .build()) {
      double written = seconds(() -> load.put(client, KEYS, false));
      place.say("%,d keys of %d bytes written in %.1f s".formatted(KEYS, VALUE_BYTES, written));

      double replay = secondsToReady(cluster, "replays", place.with(MAKE_NONE));
      cluster.replica(0).restart(everyPercent(place, 50));
      Checkpoint first = awaitVerified(place, 1).getLast();
      place.say("first checkpoint: %,d MiB sent".formatted(first.manifest().newBytes() >> 20));
      double install = secondsToReady(cluster, "installs", place.with(MAKE_NONE));
      place.say(
          "a new replica was ready from the log after %.1f s, from the checkpoint after %.1f s"
              .formatted(replay, install));
      place.say("that is %.1f times sooner".formatted(replay / install));

      cluster.replica(0).restart(everyPercent(place, 1));
      load.put(client, KEYS / 100, true);
      Checkpoint second = awaitVerified(place, 2).getLast();
      double share = 100.0 * second.manifest().newBytes() / first.manifest().bytes();
      place.say(
          "second checkpoint after %,d changes: %,d KiB sent, %.1f %% of the first"
              .formatted(KEYS / 100, second.manifest().newBytes() >> 10, share));
      // Files of a few keys are merged into one as soon as there are some.
      if (KEYS >= LARGE) {
        assertThat(share).isLessThan(10);
      }

      steadyLoad(cluster, place, load, client);
    }
  }

  private void steadyLoad(Cluster cluster, Place place, SteadyLoad load, TidemarkClient client)
      throws Exception {
    long between = Math.max(1 << 20, RECORD_BYTES * RATE / 2 * SECONDS / 8);
    cluster.replica(0).restart(place.with(MAKE_NONE));
    Duration quiet = Duration.ofSeconds(Math.max(2, SECONDS / 5));
    load.run(client, quiet.dividedBy(2), place.logBytes());
    var before = load.run(client, quiet, place.logBytes());
    place.say("without checkpoints: %s".formatted(before.summary()));

    cluster
        .replica(0)
        .restart(place.with("--checkpoint-bytes=" + between, "--retain-bytes=" + between));
    load.run(client, quiet.dividedBy(2), place.logBytes());
    var during = load.run(client, Duration.ofSeconds(SECONDS), place.logBytes());
    place.say(
        "with a checkpoint every %,d KiB of log: %s".formatted(between >> 10, during.summary()));
    place.say(
        "p99 with and without: writes %.2f times, strong reads %.2f times"
            .formatted(
                ratio(during.writes(), before.writes()), ratio(during.reads(), before.reads())));
    assertThat(during.failed()).isZero();
    // Two checkpoints behind, what is retained, and what comes in while the next is made.
    assertThat(during.largest()).isLessThan(7 * between + 3 * SEGMENT_BYTES);
  }

  private static double ratio(Histogram one, Histogram other) {
    return SteadyLoad.Measured.millis(one, 99) / SteadyLoad.Measured.millis(other, 99);
  }

  private static String[] everyPercent(Place place, int percent) {
    long bytes = Math.max(1, (long) KEYS * VALUE_BYTES / 100 * percent);
    return place.with("--checkpoint-bytes=" + bytes, "--retain-bytes=1TiB");
  }

  private static List<Checkpoint> awaitVerified(Place place, int count) {
    Await.until(
        count + " verified checkpoints",
        Duration.ofMinutes(5),
        () -> place.verified().size() >= count);
    return place.verified();
  }

  private double secondsToReady(Cluster cluster, String name, String... options) throws Exception {
    long began = System.nanoTime();
    var replica = cluster.join(name, options);
    replica.program().awaitLine("^ready", Duration.ofMinutes(10));
    double seconds = (System.nanoTime() - began) / 1e9;
    cluster.leave(replica);
    return seconds;
  }

  private static double seconds(Runnable action) {
    long began = System.nanoTime();
    action.run();
    return (System.nanoTime() - began) / 1e9;
  }
}
