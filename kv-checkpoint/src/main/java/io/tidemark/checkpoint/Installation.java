package io.tidemark.checkpoint;

import io.tidemark.statemachine.Digests;
import io.tidemark.statemachine.Digests.Digested;
import io.tidemark.statemachine.StoredView;
import io.tidemark.statemachine.ViewException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Brings a checkpoint from a store into a directory: every piece is fetched and compared with its
/// hash, the files are written under another name and reach the disk, the view is opened and
/// compared with the manifest, and only then is the directory called as was asked for. Whatever
/// ends that in between leaves nothing of that name.
///
/// @param store where the checkpoint is
/// @param manifest which one; pin it before
/// @param views opens the view that was fetched
/// @param reuse local directories of earlier checkpoints: pieces are taken from files of the same
///   name where they have the right hash
public record Installation(
    CheckpointStore store, Manifest manifest, Views views, List<Path> reuse) {
  /// What is added to the name of a directory that is not whole.
  public static final String UNFINISHED = ".installing";

  /// Opens views.
  public interface Views {
    /// Opens the view that lies in the directory.
    StoredView open(Path directory);
  }

  /// Copies the list.
  public Installation {
    reuse = List.copyOf(reuse);
  }

  /// Installs without counting the digest anew: all bytes are those that the maker hashed.
  ///
  /// @param directory is made; it is not there, or empty
  /// @throws CheckpointException.Damaged if a piece is missing or not what it should be, or the
  ///   view is not what the manifest says
  /// @throws CheckpointException.AnotherDatabase if the view is another log's
  /// @throws CheckpointException.Local if the directory is not empty, or cannot be written
  public void install(Path directory, ProgressListener progress) throws InterruptedException {
    fetch(directory, progress, Optional.empty());
  }

  /// Installs, and computes the digest of what was installed.
  ///
  /// @throws CheckpointException.Damaged also if the digest is not the manifest's
  public Digested installAndVerify(Path directory, ProgressListener progress, Digests.Pace pace)
      throws InterruptedException {
    return fetch(directory, progress, Optional.of(pace)).orElseThrow();
  }

  /// Fetches, opens and digests the checkpoint in a directory that is removed again.
  ///
  /// @throws CheckpointException.Damaged if anything is not what it should be
  public Digested verify(Path scratch, ProgressListener progress, Digests.Pace pace)
      throws InterruptedException {
    Directories.remove(scratch);
    try {
      return installAndVerify(scratch, progress, pace);
    } finally {
      Directories.remove(scratch);
    }
  }

  private Optional<Digested> fetch(
      Path directory, ProgressListener progress, Optional<Digests.Pace> pace)
      throws InterruptedException {
    Directories.requireAbsentOrEmpty(directory);
    Path unfinished = directory.resolveSibling(directory.getFileName() + UNFINISHED);
    Directories.remove(unfinished);
    boolean done = false;
    try {
      Files.createDirectories(unfinished);
      new Fetching(store, manifest, reuse).into(unfinished, progress);
      Optional<Digested> digested = check(unfinished, pace);
      Directories.sync(unfinished);
      Directories.rename(unfinished, directory);
      done = true;
      return digested;
    } catch (ClosedByInterruptException e) {
      throw Directories.interrupted();
    } catch (IOException e) {
      throw new CheckpointException.Local(directory + " cannot be written: " + e, e);
    } finally {
      if (!done) {
        Directories.remove(unfinished);
      }
    }
  }

  private Optional<Digested> check(Path directory, Optional<Digests.Pace> pace)
      throws InterruptedException {
    Manifest.Facts facts = manifest.facts();
    if (facts.viewFormat() < StoredView.FORMAT) {
      throw new CheckpointException.Unusable(
          "%s has views of the format %d, and this version of Tidemark reads %d: take another"
              .formatted(this, facts.viewFormat(), StoredView.FORMAT));
    }
    if (facts.viewFormat() > StoredView.FORMAT) {
      throw new CheckpointException.NewerFormat(toString(), facts.viewFormat(), StoredView.FORMAT);
    }
    try (StoredView view = views.open(directory)) {
      if (view.applied() != facts.position()) {
        throw new CheckpointException.Damaged(toString(), "the view is at " + view.applied());
      }
      if (!view.logId().equals(Optional.of(facts.logId()))) {
        throw new CheckpointException.AnotherDatabase(
            this + ": the view is of the log " + view.logId() + ", not of " + facts.logId());
      }
      if (pace.isEmpty()) {
        return Optional.empty();
      }
      try (var snapshot = view.snapshot()) {
        Digested digested = Digests.of(snapshot, pace.get());
        if (!digested.equals(new Digested(facts.digest(), facts.rows()))) {
          throw new CheckpointException.Damaged(
              toString(),
              "its digest is %s of %d rows, and the manifest says %s of %d"
                  .formatted(digested.digest(), digested.rows(), facts.digest(), facts.rows()));
        }
        return Optional.of(digested);
      }
    } catch (ViewException.Damaged | ViewException.NewerFormat e) {
      throw new CheckpointException.Damaged(
          toString(), "it cannot be opened: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "%s: the checkpoint at %d".formatted(store, manifest.position());
  }
}
