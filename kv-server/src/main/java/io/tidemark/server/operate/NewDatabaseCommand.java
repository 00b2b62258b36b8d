package io.tidemark.server.operate;

import io.tidemark.base.Invariants;
import io.tidemark.checkpoint.Base;
import io.tidemark.checkpoint.Catalogue;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.CheckpointAddress;
import io.tidemark.checkpoint.CheckpointStore;
import io.tidemark.checkpoint.Manifest;
import io.tidemark.checkpoint.Rebuild;
import io.tidemark.log.Log;
import io.tidemark.log.LogAddress;
import io.tidemark.log.LogInfo;
import io.tidemark.log.Logs;
import io.tidemark.log.Tail;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Begins a new database with the state of another at some place of its log.
///
/// ```text
///   put the state together ──▶ create the new log ──▶ first checkpoint of the new store
/// ```
///
/// The new log begins beyond every revision that the old one gave out, and holds nothing; what a
/// replica of it needs is in the checkpoint. So a log whose checkpoint was not completed is of no
/// use to anybody, and nobody takes it for an empty database.
abstract class NewDatabaseCommand extends OperatorCommand {
  /// So far beyond what is known of a log that may give out more, or cannot be asked, the new one
  /// begins.
  private static final long MARGIN = 1L << 40;

  @Option(
      names = "--checkpoints",
      paramLabel = "PLACE",
      description =
          "Where the database's checkpoints are: DIRECTORY or s3://BUCKET/PREFIX. Default: none,"
              + " fold the log from its beginning.")
  @Nullable String checkpoints;

  @Option(
      names = "--from-log",
      paramLabel = "ADDRESS",
      description =
          "The database's log: journal:DIR, remote:HOST:PORT or s3://BUCKET/PREFIX. Default: none,"
              + " take a checkpoint as it is.")
  @Nullable String fromLog;

  @ArgGroup(multiplicity = "1")
  Target target = new Target();

  @Option(
      names = "--log",
      paramLabel = "ADDRESS",
      required = true,
      description =
          "The new database's log: journal:DIR or s3://BUCKET/PREFIX, where none is."
              + " Default: none.")
  String newLog = "";

  @Option(
      names = "--into-checkpoints",
      paramLabel = "PLACE",
      required = true,
      description =
          "Where the new database's checkpoints will be: DIRECTORY or s3://BUCKET/PREFIX, where"
              + " none are. Default: none.")
  String intoCheckpoints = "";

  @Mixin ScratchOption scratch = new ScratchOption();

  /// Which state: one of these.
  static final class Target {
    @Option(
        names = "--to-revision",
        paramLabel = "REVISION",
        description = "The state after this revision, and nothing later. Default: none.")
    @Nullable Long revision;

    @Option(
        names = "--to-time",
        paramLabel = "TIME",
        converter = Moment.Converter.class,
        description =
            "The state just before the first record later than this, by the log's clock; as in"
                + " 2026-03-01T12:30:00Z. Default: none.")
    @Nullable Moment time;

    @Option(names = "--to-newest", description = "All that is there. Default: none.")
    boolean newest;

    Rebuild.Place place() {
      if (revision != null) {
        return new Rebuild.Place.Revision(revision);
      }
      return time == null ? new Rebuild.Place.Newest() : new Rebuild.Place.Time(time.millis());
    }
  }

  /// Whether the new database names pieces of the old one's checkpoint instead of having its own.
  abstract boolean isSharing();

  /// What was done, in one word.
  abstract String done();

  /// The old database, opened.
  private record Old(
      Optional<CheckpointAddress> place, Optional<CheckpointStore> store, Optional<Log> log)
      implements AutoCloseable {
    @Override
    public void close() {
      store.ifPresent(CheckpointStore::close);
      log.ifPresent(Log::close);
    }
  }

  @Override
  final int run() throws InterruptedException {
    if (checkpoints == null && fromLog == null) {
      throw usage("--checkpoints or --from-log is needed, or both");
    }
    if (target.revision != null && target.revision < 0) {
      throw usage("a revision is not negative: " + target.revision);
    }
    LogAddress log = bucket.complete(LogAddress.parse(newLog));
    CheckpointAddress into = bucket.checkpoints(intoCheckpoints);
    checkNew(log, into);
    StepLines steps = steps();
    try (Old old = open()) {
      String who = spec.name() + " into " + log;
      var source = new Rebuild.Source(old.store(), old.log(), who, isSharing());
      try (Rebuild state =
          Rebuild.of(source, target.place(), scratch(scratch.directory), views(), steps)) {
        boolean isDone = false;
        try {
          make(old, state, log, into, steps);
          isDone = true;
        } finally {
          if (!isDone) {
            state.releaseBase();
            err()
                .println(
                    "tidemark: what was begun of the new database is of no use: remove %s and %s"
                            .formatted(log, into)
                        + " before trying again");
          }
        }
      }
    }
    return ExitCode.OK;
  }

  private void checkNew(LogAddress log, CheckpointAddress into) throws InterruptedException {
    switch (log) {
      case LogAddress.Memory _ ->
          throw usage("a log in memory is gone when this ends: --log journal:DIR or s3://...");
      case LogAddress.Remote _ ->
          throw usage(
              "a log that another process serves is created there: give its journal:DIR, and serve"
                  + " that afterwards");
      case LogAddress.Journal _, LogAddress.S3 _ -> {}
    }
    String advice =
        ", and nothing that is there is overwritten: name another place, or remove it if it is what"
            + " an attempt that failed has left";
    if (Logs.exists(log)) {
      throw new Failed("there is a log at " + log + " already" + advice);
    }
    if (isUsed(into)) {
      throw new Failed("there are checkpoints at " + into + " already" + advice);
    }
  }

  private Old open() throws InterruptedException {
    Optional<CheckpointAddress> place = Optional.ofNullable(checkpoints).map(bucket::checkpoints);
    Optional<CheckpointStore> store =
        place.isPresent() ? Optional.of(existing(place.get())) : Optional.empty();
    Optional<Log> log = Optional.empty();
    boolean done = false;
    try {
      log = Optional.ofNullable(fromLog).map(text -> open(bucket.complete(LogAddress.parse(text))));
      if (log.isPresent() && store.isPresent()) {
        UUID id = ask(log.get().describe()).id();
        if (!id.equals(store.get().logId())) {
          throw new Failed(
              "the checkpoints at %s are of the log %s, and %s is the log %s"
                  .formatted(place.get(), store.get().logId(), fromLog, id));
        }
      }
      done = true;
      return new Old(place, store, log);
    } finally {
      if (!done) {
        new Old(place, store, log).close();
      }
    }
  }

  private void make(
      Old old, Rebuild state, LogAddress newAddress, CheckpointAddress into, StepLines steps)
      throws InterruptedException {
    long revision = state.progress().applied() - 1;
    try (Log log = Logs.create(newAddress, firstPosition(old, state))) {
      LogInfo info = ask(log.describe());
      state.rebind(info.id(), info.trimPoint());
      try (CheckpointStore store = of(into, info.id())) {
        Manifest made =
            state.publish(store, spec.name() + " " + info.id(), base(old, state), steps);
        tell(revision, made, newAddress, into);
      }
    }
  }

  private Base base(Old old, Rebuild state) {
    return state.base().isPresent()
        ? new Base.Foreign(old.place().orElseThrow().toString(), state.base().get())
        : new Base.None();
  }

  /// Beyond every position that the old log gave out. One that is sealed gives out no more; any
  /// other may, until its servers are stopped.
  private static long firstPosition(Old old, Rebuild state) throws InterruptedException {
    long known = state.progress().applied();
    if (old.log().isPresent()) {
      Tail tail = ask(old.log().get().checkTail());
      if (tail instanceof Tail.Sealed(var position)) {
        return Math.max(known, position);
      }
      known = Math.max(known, tail.position());
    }
    if (old.store().isPresent()) {
      Catalogue all = old.store().get().catalogue();
      known =
          Stream.of(
                  all.checkpoints().stream().mapToLong(Checkpoint::position),
                  all.making().stream().mapToLong(Long::longValue),
                  all.unreadable().stream().mapToLong(Catalogue.Unreadable::position),
                  LongStream.of(known))
              .flatMapToLong(positions -> positions)
              .max()
              .orElse(known);
    }
    Invariants.check(known < Log.FIRST_POSITION_MAX - MARGIN, "positions are not used up", known);
    return known + MARGIN;
  }

  private void tell(long revision, Manifest made, LogAddress newAddress, CheckpointAddress into) {
    var facts = made.facts();
    println(
        "%s revision %d, of the log time %s: %d rows, digest %s"
            .formatted(
                done(),
                revision,
                Moment.text(facts.logTimeMillis()),
                facts.rows(),
                facts.digest()));
    println(
        "the new log is %s, and begins behind the revision %d"
            .formatted(facts.logId(), facts.position() - 1));
    println(
        "its first checkpoint has %s, of which %s are its own"
            .formatted(CheckpointList.size(made.bytes()), CheckpointList.size(made.newBytes())));
    println(
        "next: tidemark serve --log %s --checkpoints %s --data DIR, with a DIR of its own"
            .formatted(newAddress, into));
  }

  private static <T> T ask(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException failure) {
      throw new Failed("the log does not answer: " + failure.getCause());
    }
  }
}
