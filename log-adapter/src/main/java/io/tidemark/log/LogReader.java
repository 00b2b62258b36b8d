package io.tidemark.log;

import java.util.List;

/// A place in a log from which its records are read in order. It belongs to one thread, except for
/// [#close()], and holds a bounded number of bytes however far behind it is.
public interface LogReader extends AutoCloseable {
  /// Waits until there is at least one durable record at or after this reader's place, and returns
  /// the next few in order, without a gap; the place moves behind them. A log that is away for a
  /// while is waited for: that is no failure.
  ///
  /// @return one record or more
  /// @throws LogException.Trimmed if the place lies before the trim point: the records in between
  ///   cannot be had any more. The place stays.
  /// @throws LogException.Corrupt if what is stored there is not what was written. The place stays.
  /// @throws LogException.Sealed if the log is sealed and nothing follows
  /// @throws LogException.Closed if the reader or its log was closed
  /// @throws InterruptedException if the thread was interrupted while it waited; the place stays
  List<LogRecord> next() throws InterruptedException;

  /// Ends the reader from any thread; a [#next()] that waits throws [LogException.Closed].
  @Override
  void close();
}
