package io.tidemark.statemachine;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A view cannot be opened, read or written. One subclass for each thing that can be done about it;
/// every message names the directory.
public abstract sealed class ViewException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private ViewException(Path directory, String what, @Nullable Throwable cause) {
    super("view " + directory + ": " + what, cause);
  }

  /// Another process, or another view of this one, has the directory open. Stop it, or take another
  /// directory.
  public static final class InUse extends ViewException {
    private static final long serialVersionUID = 1;

    InUse(Path directory) {
      super(directory, "the directory is in use by another replica", null);
    }
  }

  /// A newer version of Tidemark wrote the view. Upgrade, or delete the directory: the view is
  /// built again from the log.
  public static final class NewerFormat extends ViewException {
    private static final long serialVersionUID = 1;

    NewerFormat(Path directory, int found, int known) {
      super(
          directory,
          "its format is %d, and this version of Tidemark knows formats up to %d: upgrade"
              .formatted(found, known),
          null);
    }
  }

  /// An older version of Tidemark wrote the view. Delete the directory: the view is built again
  /// from a checkpoint or the log.
  public static final class OlderFormat extends ViewException {
    private static final long serialVersionUID = 1;

    OlderFormat(Path directory, int found, int known) {
      super(
          directory,
          ("its format is %d, and this version of Tidemark reads format %d alone: delete the"
                  + " directory, and the view is built again from a checkpoint or the log")
              .formatted(found, known),
          null);
    }
  }

  /// What is stored is damaged, or is no view. Delete the directory: the view is built again from
  /// the log.
  public static final class Damaged extends ViewException {
    private static final long serialVersionUID = 1;

    Damaged(Path directory, String what, @Nullable Throwable cause) {
      super(directory, "damaged: " + what, cause);
    }
  }

  /// The disk is full or does not work, or the directory cannot be used. Mend that and open the
  /// view again: it is as it was at some commit.
  public static final class StorageFailed extends ViewException {
    private static final long serialVersionUID = 1;

    StorageFailed(Path directory, String what, @Nullable Throwable cause) {
      super(directory, what, cause);
    }
  }

  /// The view was closed.
  public static final class Closed extends ViewException {
    private static final long serialVersionUID = 1;

    Closed(Path directory) {
      super(directory, "closed", null);
    }
  }
}
