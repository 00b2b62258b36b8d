package io.tidemark.checkpoint;

import org.jspecify.annotations.Nullable;

/// Something about a checkpoint came to nothing: one subclass per reaction. The message names the
/// object, the store or the directory, and says what to do.
public abstract sealed class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private CheckpointException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// The store did not answer usefully, many times over. Reaction: try again later; whatever was
  /// begun can be begun again.
  public static final class Unavailable extends CheckpointException {
    private static final long serialVersionUID = 1;

    Unavailable(String message) {
      super(message, null);
    }
  }

  /// The store understood and said no: no permission, no such bucket. Reaction: change that.
  public static final class Refused extends CheckpointException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message, null);
    }
  }

  /// An object is not what was written, is cut short, or is missing; or what was installed is not
  /// what its manifest says. Reaction: use another checkpoint, and doom this one.
  public static final class Damaged extends CheckpointException {
    private static final long serialVersionUID = 1;

    Damaged(String object, String what) {
      super(object + " is damaged: " + what, null);
    }

    Damaged(String object, String what, Throwable cause) {
      super(object + " is damaged: " + what, cause);
    }
  }

  /// The checkpoints, or the view, are of another database. Reaction: name the right place.
  public static final class AnotherDatabase extends CheckpointException {
    private static final long serialVersionUID = 1;

    AnotherDatabase(String message) {
      super(message, null);
    }
  }

  /// A newer version of Tidemark wrote it. Reaction: upgrade.
  public static final class NewerFormat extends CheckpointException {
    private static final long serialVersionUID = 1;

    NewerFormat(String object, int found, int known) {
      super(
          "%s has the format %d, and this version of Tidemark knows formats up to %d: upgrade"
              .formatted(object, found, known),
          null);
    }
  }

  /// The checkpoint is not there, or may no longer be used. Reaction: look which there are and take
  /// another.
  public static final class Unusable extends CheckpointException {
    private static final long serialVersionUID = 1;

    Unusable(String message) {
      super(message, null);
    }
  }

  /// The making of this checkpoint has ended, by somebody else's doing. Reaction: forget it; the
  /// next mark makes another.
  public static final class Ended extends CheckpointException {
    private static final long serialVersionUID = 1;

    Ended(String message) {
      super(message, null);
    }
  }

  /// The log does not hold what is to be folded: its begin was trimmed away, or it ends before.
  /// Reaction: begin with a later checkpoint, or ask for an earlier state.
  public static final class NotInLog extends CheckpointException {
    private static final long serialVersionUID = 1;

    NotInLog(String message) {
      super(message, null);
    }
  }

  /// A local directory cannot be used, read or written. Reaction: mend that.
  public static final class Local extends CheckpointException {
    private static final long serialVersionUID = 1;

    Local(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
