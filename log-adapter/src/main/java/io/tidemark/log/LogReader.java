package io.tidemark.log;

import java.util.List;

/// A place in a log from which its records are read in order. It belongs to one thread, except for
/// [#close()], and holds a bounded number of bytes however far behind it is.
public interface LogReader extends AutoCloseable {
  /// Waits until the log is known further than this reader's place, and moves the place there:
  /// returns the durable records that it passed, in order, without a gap. A log that is away for a
  /// while is waited for: that is no failure.
  ///
  /// @return often one record or more; none where the place moved over positions that carry none
  /// @throws LogException.Trimmed if the place lies before the trim point: the records in between
  ///   cannot be had any more. The place stays.
  /// @throws LogException.Corrupt if what is stored there is not what was written. The place stays.
  /// @throws LogException.Unavailable if this process keeps the log itself and its disk does not
  ///   answer. The place stays, and the next call tries again.
  /// @throws LogException.Sealed if the log is sealed and nothing follows
  /// @throws LogException.Closed if the reader or its log was closed
  /// @throws InterruptedException if the thread was interrupted while it waited; the place stays
  List<LogRecord> next() throws InterruptedException;

  /// The reader's place, for its own thread: every record below it, and at or after where it began,
  /// was returned. A reader that has returned everything stands at the tail, or where it began if
  /// that lies beyond.
  long position();

  /// Ends the reader from any thread; a [#next()] that waits throws [LogException.Closed].
  @Override
  void close();
}
