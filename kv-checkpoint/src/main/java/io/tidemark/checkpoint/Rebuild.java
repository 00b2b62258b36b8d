package io.tidemark.checkpoint;

import io.tidemark.log.Log;
import io.tidemark.log.LogInfo;
import io.tidemark.log.Tail;
import io.tidemark.statemachine.Digests;
import io.tidemark.statemachine.Digests.Digested;
import io.tidemark.statemachine.Progress;
import io.tidemark.statemachine.StoredView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The state of a database at a place of its log, put together in a directory aside: from the best
/// checkpoint at or before the place, and the log from there. What a backup, a restore and a fork
/// are made of. Nobody else uses it; closing it removes it.
///
/// ```text
///   <scratch>/view    the checkpoint that was installed, folded on
///   <scratch>/copy    what is uploaded
///   <scratch>/check   what was uploaded, fetched again to see that it is right
/// ```
public final class Rebuild implements AutoCloseable {
  /// Which state.
  public sealed interface Place {
    /// After the change of this revision, and nothing after it.
    record Revision(long revision) implements Place {}

    /// Just before the first record that is later than this log time.
    record Time(long logTimeMillis) implements Place {}

    /// All that there is.
    record Newest() implements Place {}
  }

  /// Hears which step of a long work begins, and takes its progress.
  public interface Steps {
    /// Hears nothing.
    Steps NONE = step -> ProgressListener.NONE;

    /// A step with this name, as in "fetching", begins.
    ProgressListener begin(String step);
  }

  /// What a state is put together from; one of the two at least.
  ///
  /// @param checkpoints the database's
  /// @param log the database's
  /// @param who puts it together, for people who look at the store
  /// @param keepsBase whether the checkpoint it begins with is kept in its store without end,
  ///   because pieces of it will be named elsewhere
  public record Source(
      Optional<CheckpointStore> checkpoints, Optional<Log> log, String who, boolean keepsBase) {}

  private final Path scratch;
  private final Installation.Views views;
  private final StoredView view;
  private final Optional<Pin> kept;
  private final Digested digested;

  private Rebuild(
      Path scratch,
      Installation.Views views,
      StoredView view,
      Optional<Pin> kept,
      Digested digested) {
    this.scratch = scratch;
    this.views = views;
    this.view = view;
    this.kept = kept;
    this.digested = digested;
  }

  /// Puts the state together.
  ///
  /// @param scratch is made; it is not there, or empty. It takes as much room as the database, and
  ///   twice that for [#publish]
  /// @param views opens views to be written to
  /// @throws CheckpointException.NotInLog if neither the checkpoints nor the log reach back to the
  ///   place, or the log ends before it
  /// @throws CheckpointException.Unusable if there is no log, and no checkpoint exactly at the
  ///   place
  /// @throws CheckpointException as the calls of [CheckpointStore], [Installation] and [Fold]
  public static Rebuild of(
      Source source, Place place, Path scratch, Installation.Views views, Steps steps)
      throws InterruptedException {
    Directories.requireAbsentOrEmpty(scratch);
    var beginning = new Beginning(source, place);
    Optional<Pin> pin = beginning.pin();
    boolean done = false;
    try {
      Files.createDirectories(scratch);
      Path directory = scratch.resolve("view");
      if (pin.isPresent()) {
        beginning.install(pin.get().manifest(), directory, views, steps);
      }
      StoredView view = views.open(directory);
      try {
        if (source.log().isPresent()) {
          var folding = steps.begin("folding the log");
          Fold.fold(source.log().get(), view, beginning.until(), folding);
        }
        var _ = steps.begin("computing the digest");
        Digested digested = Fold.digest(view, Digests.Pace.FULL);
        Optional<Pin> kept = source.keepsBase() ? pin : Optional.empty();
        var rebuilt = new Rebuild(scratch, views, view, kept, digested);
        done = true;
        return rebuilt;
      } finally {
        if (!done) {
          view.close();
        }
      }
    } catch (IOException e) {
      throw new CheckpointException.Local(scratch + " cannot be written: " + e, e);
    } finally {
      if (pin.isPresent() && !(done && source.keepsBase())) {
        pin.get().release();
      }
      if (!done) {
        Directories.remove(scratch);
      }
    }
  }

  /// How far the state goes.
  public Progress progress() {
    return view.progress();
  }

  /// The digest of the state, which tying it to another log does not change.
  public Digested digested() {
    return digested;
  }

  /// The checkpoint that is kept for whoever names its pieces, if there is one.
  public Optional<Manifest> base() {
    return kept.map(Pin::manifest);
  }

  /// Lets go of the checkpoint that is kept: nobody will name its pieces.
  public void releaseBase() throws InterruptedException {
    if (kept.isPresent()) {
      kept.get().release();
    }
  }

  /// Ties the state to another log, as if it had been folded from that one up to `first`.
  ///
  /// @param first where that log begins, at or after how far the state goes
  public void rebind(UUID log, long first) {
    view.rebind(log, first);
  }

  /// Makes the state a checkpoint of the log that it is tied to, fetches it again, and says that it
  /// was found right.
  ///
  /// @param into the checkpoints of that log
  /// @param maker unique to this run
  /// @throws CheckpointException.Ended if there is a checkpoint at this place, or is being made
  public Manifest publish(CheckpointStore into, String maker, Base base, Steps steps)
      throws InterruptedException {
    Progress at = view.progress();
    Path copy = scratch.resolve("copy");
    Directories.remove(copy);
    view.flush();
    view.checkpoint(copy);
    try {
      Making making = into.begin(at.applied(), maker, base);
      making.upload(copy, steps.begin("uploading"));
      Manifest manifest =
          making.publish(
              new Manifest.Facts(
                  into.logId(),
                  at.applied(),
                  at.logTimeMillis(),
                  at.logBytes(),
                  StoredView.FORMAT,
                  digested.digest(),
                  digested.rows(),
                  maker));
      new Installation(into, manifest, views, List.of())
          .verify(scratch.resolve("check"), steps.begin("verifying"), Digests.Pace.FULL);
      var _ = into.verify(at.applied(), maker, true);
      return manifest;
    } finally {
      Directories.remove(copy);
    }
  }

  /// Removes the state.
  @Override
  public void close() {
    view.close();
    Directories.remove(scratch);
  }

  /// Where to begin: with which checkpoint, and how far to fold.
  private static final class Beginning {
    private final Source source;
    private final Optional<LogInfo> log;
    private final Optional<Checkpoint> checkpoint;
    private final Fold.Until until;

    Beginning(Source source, Place place) throws InterruptedException {
      this.source = source;
      log =
          source.log().isPresent()
              ? Optional.of(Fold.ask(source.log().get().describe()))
              : Optional.empty();
      Catalogue catalogue =
          source.checkpoints().isPresent()
              ? source.checkpoints().get().catalogue()
              : new Catalogue(List.of(), List.of(), List.of());
      checkpoint =
          switch (place) {
            case Place.Revision(var revision) -> catalogue.bestUpTo(revision + 1);
            case Place.Time(var millis) -> catalogue.bestUpToTime(millis);
            case Place.Newest() -> catalogue.best();
          };
      until =
          switch (place) {
            case Place.Revision(var revision) -> Fold.Until.revision(revision);
            case Place.Time(var millis) -> new Fold.Until.Time(millis);
            case Place.Newest() -> new Fold.Until.Position(tail());
          };
      if (log.isEmpty()) {
        checkExact(place, catalogue);
      } else if (log.get().trimPoint() > checkpoint.map(Checkpoint::position).orElse(Log.START)) {
        throw new CheckpointException.NotInLog(
            "the state cannot be put together: the log begins behind the revision %d, and %s"
                .formatted(
                    log.get().trimPoint() - 1,
                    checkpoint
                        .map(found ->
                            "the newest checkpoint before the place is at the revision "
                                + (found.position() - 1))
                        .orElse("there is no checkpoint before the place")));
      }
    }

    private long tail() throws InterruptedException {
      if (source.log().isEmpty()) {
        return 0;
      }
      return switch (Fold.ask(source.log().get().checkTail())) {
        case Tail.Open(var position) -> position;
        case Tail.Sealed(var position) -> position;
      };
    }

    private void checkExact(Place place, Catalogue catalogue) {
      boolean isExact =
          switch (place) {
            case Place.Revision(var revision) ->
                checkpoint.isPresent() && checkpoint.get().position() == revision + 1;
            case Place.Time _ -> false;
            case Place.Newest() -> checkpoint.isPresent();
          };
      if (!isExact) {
        throw new CheckpointException.Unusable(
            "without the log only a checkpoint as it is can be had; there are those of the"
                + " revisions "
                + catalogue.usable().stream().map(found -> found.position() - 1).toList());
      }
    }

    Fold.Until until() {
      return until;
    }

    Optional<Pin> pin() throws InterruptedException {
      if (checkpoint.isEmpty()) {
        return Optional.empty();
      }
      CheckpointStore store = source.checkpoints().orElseThrow();
      long position = checkpoint.get().position();
      return Optional.of(
          source.keepsBase()
              ? store.pinForEver(position, source.who())
              : store.pin(position, source.who()));
    }

    void install(Manifest manifest, Path directory, Installation.Views views, Steps steps)
        throws InterruptedException {
      var installation =
          new Installation(source.checkpoints().orElseThrow(), manifest, views, List.of());
      var fetching = steps.begin("fetching");
      if (checkpoint.orElseThrow().isVerified()) {
        installation.install(directory, fetching);
      } else {
        var _ = installation.installAndVerify(directory, fetching, Digests.Pace.FULL);
      }
    }
  }
}
