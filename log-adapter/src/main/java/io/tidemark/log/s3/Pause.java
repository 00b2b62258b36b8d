package io.tidemark.log.s3;

import io.tidemark.base.Timers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Puts something off for a while, so that more can share it. Runs in the log's mailbox.
final class Pause {
  private final Timers timers;
  private final Mailbox mailbox;
  private final Runnable then;

  private Timers.@Nullable Timer timer;
  private boolean over;
  private int pauses;

  /// @param then looks again whether it is to be done
  Pause(Timers timers, Mailbox mailbox, Runnable then) {
    this.timers = timers;
    this.mailbox = mailbox;
    this.then = then;
  }

  /// Whether it is to be done now, and is. If not, it is when this pause is over, or the next time
  /// that there is none.
  ///
  /// @param pause how long it waits, if it does not wait already
  boolean isOver(Duration pause) {
    if (over || pause.isZero()) {
      end();
      return true;
    }
    if (timer == null) {
      int mine = ++pauses;
      timer =
          timers.after(
              pause,
              () ->
                  mailbox.put(() -> {
                    if (mine == pauses) {
                      over = true;
                      then.run();
                    }
                  }));
    }
    return false;
  }

  private void end() {
    over = false;
    pauses++;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
