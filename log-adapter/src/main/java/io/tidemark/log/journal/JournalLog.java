package io.tidemark.log.journal;

import io.tidemark.base.Bytes;
import io.tidemark.log.AppendRules;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogExistsException;
import io.tidemark.log.LogInfo;
import io.tidemark.log.LogReader;
import io.tidemark.log.Precondition;
import io.tidemark.log.Tail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A log in the files of one directory, which belongs to this process as long as it is open.
///
/// ```text
///   LOCK                    kernel lock of the owner
///   LOG                     which log this is; written once           LogIdentity
///   0000000000000001.seg    segments, named by their first position   SegmentHeader, Frame
///   00000000000a3f21.seg    the newest is written on
///   next.tmp                the next, full of zeros
/// ```
///
/// Because no other process can write there, what this process has made durable *is* the tail.
public final class JournalLog implements Log {
  private static final Logger LOG = LoggerFactory.getLogger(JournalLog.class);

  private final JournalConfig config;
  private final Storage storage;
  private final UUID id;
  private final CommitQueue queue;
  private final Durable durable;
  private final Segments segments;
  private final RecentBatches recent;
  private final Housekeeper housekeeper;
  private final Committer committer;

  private JournalLog(JournalConfig config, Storage storage, Recovery.Recovered found) {
    this.config = config;
    this.storage = storage;
    id = found.logId();
    queue = new CommitQueue(config.queueAppendsMax(), config.queueBytesMax());
    durable = new Durable(found.state());
    segments = new Segments(storage, found.segments());
    recent = new RecentBatches(config.recentBytesMax());
    housekeeper = new Housekeeper(config.threads());
    committer =
        new Committer(
            storage,
            queue,
            durable,
            segments,
            recent,
            new SegmentMaker(storage, housekeeper, config.segmentBytes()),
            new GroupWriter(
                storage.buffer(GroupWriter.BUFFER_BYTES),
                found.active(),
                found.file(),
                found.offset()),
            found.closedCleanly(),
            config.threads());
  }

  /// Opens the log in the directory of the settings, or begins one there. Reads the newest segment;
  /// blocks until everything found is durable.
  ///
  /// @throws LogException.Corrupt if something there is not what was written, naming the file, the
  ///   offset and the position; nothing is changed
  /// @throws LogException.Unavailable if the directory is in use or cannot be read or written
  public static JournalLog open(JournalConfig config) {
    return open(config, storage(config));
  }

  /// Whether there is a log in this directory. Changes nothing and waits for nobody.
  public static boolean exists(Path directory) {
    return Files.exists(directory.resolve(LogIdentity.FILE));
  }

  /// Begins a log at this position in the directory of the settings, and opens it.
  ///
  /// @throws LogExistsException if there is a log already; nothing is changed
  /// @throws LogException.Unavailable as above
  /// @throws LogException.Corrupt if there are records of a log that has lost its identity
  /// @throws IllegalArgumentException if no log may begin there
  public static JournalLog create(JournalConfig config, long first) {
    AppendRules.checkFirstPosition(first);
    return create(config, storage(config), first);
  }

  private static Storage storage(JournalConfig config) {
    try {
      return DirectoryStorage.open(config.directory());
    } catch (IOException failure) {
      throw cannotOpen(config.directory().toString(), failure);
    }
  }

  /// Opens the log in this storage, which the log owns and closes, instead of the directory.
  ///
  /// @throws LogException.Corrupt as above
  /// @throws LogException.Unavailable if the storage cannot be read or written
  public static JournalLog open(JournalConfig config, Storage storage) {
    return open(config, storage, () -> Recovery.recover(storage, config));
  }

  /// Begins a log at this position in this storage, which the log owns and closes.
  ///
  /// @throws LogExistsException if there is a log already
  static JournalLog create(JournalConfig config, Storage storage, long first) {
    return open(config, storage, () -> Recovery.create(storage, config, first));
  }

  private interface Opening {
    Recovery.Recovered open() throws IOException;
  }

  private static JournalLog open(JournalConfig config, Storage storage, Opening opening) {
    try {
      Recovery.Recovered found = opening.open();
      LOG.info(
          "journal {} opened: positions {} to {}",
          storage.name(),
          found.segments().firstKey(),
          found.state().tail());
      return new JournalLog(config, storage, found);
    } catch (IOException failure) {
      closeQuietly(storage);
      throw cannotOpen(storage.name(), failure);
    } catch (RuntimeException failure) {
      closeQuietly(storage);
      throw failure;
    }
  }

  @Override
  public CompletableFuture<LogInfo> describe() {
    return now(() ->
        new LogInfo(
            id, "journal", segments.trimPoint(), config.recordBytesMax(), config.batchBytesMax()));
  }

  @Override
  public CompletableFuture<Appended> append(List<Bytes> records, Precondition precondition) {
    var future = new CompletableFuture<Appended>();
    try {
      List<Bytes> batch = List.copyOf(records);
      int bytes = AppendRules.checkSize(batch, config.recordBytesMax(), config.batchBytesMax());
      submit(new Entry.Append(batch, precondition, bytes, future));
    } catch (LogException failure) {
      future.completeExceptionally(failure);
    }
    return future;
  }

  @Override
  public CompletableFuture<Tail> checkTail() {
    return now(() -> {
      State state = durable.state();
      return state.sealed() ? new Tail.Sealed(state.tail()) : new Tail.Open(state.tail());
    });
  }

  @Override
  public LogReader read(long from) {
    return new JournalReader(
        durable, segments, recent, storage.name(), AppendRules.checkFrom(from));
  }

  /// Deletes whole segments; the newest stays. The trim point is the first position of the oldest
  /// segment.
  @Override
  public CompletableFuture<Long> trim(long upTo) {
    var future = new CompletableFuture<Long>();
    if (durable.isClosed()) {
      future.completeExceptionally(closed());
    } else if (!housekeeper.offer(() -> trim(upTo, future))) {
      future.completeExceptionally(
          durable.isClosed() ? closed() : new LogException.Overloaded("too many trims wait"));
    }
    return future;
  }

  @Override
  public CompletableFuture<Tail.Sealed> seal() {
    var future = new CompletableFuture<Tail.Sealed>();
    submit(new Entry.Seal(future));
    return future;
  }

  @Override
  public CompletableFuture<Void> fence(Bytes token) {
    var future = new CompletableFuture<Void>();
    try {
      AppendRules.checkToken(token);
      submit(new Entry.Fence(token, future));
    } catch (LogException failure) {
      future.completeExceptionally(failure);
    }
    return future;
  }

  /// Writes what was appended, marks a clean close, and gives the directory back.
  ///
  /// @throws IllegalStateException if it is called by something that hangs on a future of this log
  @Override
  public void close() {
    durable.close();
    queue.close();
    committer.join();
    housekeeper.close();
    closeQuietly(storage);
  }

  private void submit(Entry entry) {
    LogException.Unavailable stopped = committer.stopped();
    if (stopped != null) {
      entry.future().completeExceptionally(stopped);
      return;
    }
    switch (queue.offer(entry)) {
      case TAKEN -> {}
      case FULL ->
          entry
              .future()
              .completeExceptionally(
                  new LogException.Overloaded("too many appends wait for the disk"));
      case CLOSED -> entry.future().completeExceptionally(closed());
    }
  }

  private void trim(long upTo, CompletableFuture<Long> future) {
    try {
      future.complete(segments.trim(Math.min(upTo, durable.state().tail())));
    } catch (IOException | RuntimeException | Error failure) {
      future.completeExceptionally(
          new LogException.Unavailable(
              "the journal in " + storage.name() + " cannot delete a segment: " + failure,
              failure));
    }
  }

  private <T> CompletableFuture<T> now(Supplier<T> answer) {
    return durable.isClosed()
        ? CompletableFuture.failedFuture(closed())
        : CompletableFuture.completedFuture(answer.get());
  }

  private LogException closed() {
    return new LogException.Closed("the journal in " + storage.name());
  }

  private static LogException cannotOpen(String directory, IOException failure) {
    return new LogException.Unavailable(
        "the journal in "
            + directory
            + " cannot be opened: "
            + (failure instanceof DirectoryLock.InUseException ? failure.getMessage() : failure),
        failure);
  }

  private static void closeQuietly(Storage storage) {
    try {
      storage.close();
    } catch (IOException failure) {
      LOG.warn("the journal in {} was not given back", storage.name(), failure);
    }
  }
}
