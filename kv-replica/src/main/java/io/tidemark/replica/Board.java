package io.tidemark.replica;

import com.codahale.metrics.Counter;
import io.tidemark.base.Clock;
import io.tidemark.checkpoint.Catalogue;
import io.tidemark.checkpoint.Manifest;
import io.tidemark.checkpoint.ProgressListener;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a replica tells of checkpoints: its status, metrics and log lines. Any thread may read; the
/// agents `kv-checkpoint` and `kv-apply` write.
final class Board {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(10);
  private static final double MIB = 1 << 20;

  private final Folded folded;
  private final Uptime uptime;
  private final Counter made;
  private final Counter verifiedHere;
  private final Counter installed;
  private final Counter failures;

  private volatile String doing = "";
  private volatile String lastFailure = "";
  private volatile Optional<CheckpointStatus.Last> last = Optional.empty();
  private volatile long verified;
  private volatile long trimPoint;

  Board(Folded folded, Shared shared, Clock clock) {
    this.folded = folded;
    this.uptime = shared.uptime();
    ReplicaMetrics metrics = shared.metrics();
    made = metrics.added("checkpoints.made");
    verifiedHere = metrics.added("checkpoints.verified");
    installed = metrics.added("checkpoints.installed");
    failures = metrics.added("checkpoints.failures");
    metrics.gauge(
        "checkpoint.position", () -> last.map(CheckpointStatus.Last::position).orElse(0L));
    metrics.gauge("checkpoint.bytes", () -> last.map(CheckpointStatus.Last::bytes).orElse(0L));
    metrics.gauge(
        "checkpoint.age.seconds",
        () ->
            last.map(known -> Math.max(0, (clock.wallMillis() - known.logTimeMillis()) / 1000.0))
                .orElse(Double.NaN));
    metrics.gauge("checkpoint.verified.position", () -> verified);
    metrics.gauge("checkpoint.busy", () -> doing.isEmpty() ? 0 : 1);
    metrics.gauge("trim.point", () -> trimPoint);
    metrics.gauge("log.bytes_since_mark", () -> folded.now().bytesSinceMark());
  }

  CheckpointStatus status() {
    return new CheckpointStatus(
        doing,
        last,
        verified == 0 ? OptionalLong.empty() : OptionalLong.of(verified),
        trimPoint == 0 ? OptionalLong.empty() : OptionalLong.of(trimPoint),
        folded.now().bytesSinceMark(),
        made.getCount(),
        verifiedHere.getCount(),
        installed.getCount(),
        failures.getCount(),
        lastFailure);
  }

  /// Says what is being done, until [#idle()].
  void doing(String what) {
    doing = what;
  }

  void idle() {
    doing = "";
  }

  /// Says how far it is with something that takes long.
  ProgressListener progress(String what) {
    doing = what;
    return new ProgressListener() {
      private long toldNanos = uptime.nanos();

      @Override
      public void at(long bytesDone, long bytesTotal) {
        String now = "%s: %.1f of %.1f MiB".formatted(what, bytesDone / MIB, bytesTotal / MIB);
        doing = now;
        if (uptime.nanos() - toldNanos >= PROGRESS_EVERY.toNanos()) {
          toldNanos = uptime.nanos();
          LOG.info("{}", now);
        }
      }
    };
  }

  /// Something came to nothing, and will be tried again or made good for by the next checkpoint.
  void failed(String what, Throwable failure) {
    failures.inc();
    lastFailure = what + ": " + failure.getMessage();
    LOG.warn("{} failed: {}", what, String.valueOf(failure.getMessage()));
    idle();
  }

  /// Nothing is failing any more.
  void succeeded() {
    lastFailure = "";
  }

  void made(Manifest manifest) {
    made.inc();
    LOG.info(
        "checkpoint at {} made: {} MiB, of which {} MiB were uploaded, {} rows, digest {}",
        manifest.position(),
        manifest.bytes() >> 20,
        manifest.newBytes() >> 20,
        manifest.facts().rows(),
        manifest.facts().digest());
  }

  void verified(long position, boolean asMaker) {
    verifiedHere.inc();
    LOG.info(
        "checkpoint at {} verified{}",
        position,
        asMaker ? " by its maker, since nobody else did in time" : "");
  }

  void installed(Manifest manifest) {
    installed.inc();
    LOG.info("checkpoint at {} installed: {} MiB", manifest.position(), manifest.bytes() >> 20);
  }

  /// What the store was seen to hold.
  void seen(Catalogue catalogue) {
    var usable = catalogue.usable();
    if (!usable.isEmpty()) {
      Manifest newest = usable.getLast().manifest();
      last =
          Optional.of(
              new CheckpointStatus.Last(
                  newest.position(),
                  newest.facts().logTimeMillis(),
                  newest.bytes(),
                  newest.newBytes()));
    }
    catalogue.newestVerified().ifPresent(newest -> verified = newest.position());
  }

  void trimmed(long point) {
    if (point > trimPoint) {
      trimPoint = point;
      LOG.info("the log begins at {}", point);
    }
  }
}
