package io.tidemark.replica;

import io.tidemark.base.Invariants;
import io.tidemark.statemachine.StoredView;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The view that is read and folded into, which a checkpoint's may replace while the replica runs.
///
/// Any thread may ask for it. A view that was replaced is closed: whatever still reads it fails
/// with `ViewException.Closed`, and finds the next one here soon after. The thread of the [Applier]
/// alone replaces it.
final class CurrentView implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CurrentView.class);

  private final Environment.Views views;
  private final Path directory;
  private final long memoryBytes;
  private volatile StoredView view;

  /// Opens the view of the directory, or begins one.
  CurrentView(Environment.Views views, Path directory, long memoryBytes) {
    this.views = views;
    this.directory = directory;
    this.memoryBytes = memoryBytes;
    this.view = views.open(directory, memoryBytes);
  }

  /// The view of this moment.
  StoredView now() {
    return view;
  }

  /// Everything before this position is folded in; it never falls.
  long applied() {
    return view.applied();
  }

  /// Puts the view that is complete in `from` in the place of this one: it must be further. If it
  /// fails there may be no view in the directory, which is as good as an empty one.
  ///
  /// @param aside where the former view may lie until it is deleted; not there, in the same file
  ///   system
  /// @throws io.tidemark.statemachine.ViewException if the new view cannot be opened
  void replace(Path from, Path aside) {
    StoredView former = view;
    long before = former.applied();
    former.close();
    views.replace(directory, from, aside);
    StoredView next = views.open(directory, memoryBytes);
    if (next.applied() <= before) {
      next.close();
      Invariants.check(false, "a view is replaced by one that is further", before, next.applied());
    }
    view = next;
    LOG.info(
        "the view goes on at {} after {}: a checkpoint took its place", next.applied(), before);
  }

  @Override
  public void close() {
    view.close();
  }
}
