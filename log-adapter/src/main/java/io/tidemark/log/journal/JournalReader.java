package io.tidemark.log.journal;

import io.tidemark.base.Bytes;
import io.tidemark.log.LogException;
import io.tidemark.log.LogReader;
import io.tidemark.log.LogRecord;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A reader of the journal: near the tail from memory, behind it from the files.
final class JournalReader implements LogReader {
  /// How many bytes of records one [#next()] returns, about.
  static final int NEXT_BYTES = 1 << 20;

  /// How many records one [#next()] returns, about: it returns whole batches.
  static final int NEXT_RECORDS = 1_024;

  private final Durable durable;
  private final Segments segments;
  private final RecentBatches recent;
  private final String journal;
  private volatile boolean closed;

  // The reader's thread.
  private long place;

  // Held while the file is in use, so that a close from elsewhere waits for that.
  private final ReentrantLock fileLock = new ReentrantLock();
  private @Nullable Cursor cursor;

  /// Begins at `from`.
  ///
  /// @param journal the journal's directory, for messages
  JournalReader(
      Durable durable, Segments segments, RecentBatches recent, String journal, long from) {
    this.durable = durable;
    this.segments = segments;
    this.recent = recent;
    this.journal = journal;
    this.place = from;
  }

  /// A place between two frames of a segment.
  private static final class Cursor {
    final Segment segment;
    final StorageFile file;
    final FrameReader frames;
    int offset;
    long position;
    long tail;

    Cursor(Segments.Opened opened, SparseIndex.Place from) {
      segment = opened.segment();
      file = opened.file();
      frames = new FrameReader(file, segment.stamp(), segment.bytes());
      offset = from.offset();
      position = from.position();
    }
  }

  @Override
  public List<LogRecord> next() throws InterruptedException {
    while (true) {
      checkOpen();
      if (place < segments.trimPoint()) {
        throw new LogException.Trimmed(place, segments.trimPoint());
      }
      State now = durable.state();
      if (place < now.tail()) {
        List<LogRecord> records = recent.from(place, now.tail());
        if (records.isEmpty()) {
          records = fromFiles(now.tail());
        }
        place = records.getLast().position() + 1;
        return records;
      }
      if (now.sealed()) {
        throw new LogException.Sealed(now.tail());
      }
      durable.await(place, () -> closed);
    }
  }

  @Override
  public long position() {
    return place;
  }

  @Override
  public void close() {
    closed = true;
    durable.wake();
    fileLock.lock();
    try {
      drop();
    } finally {
      fileLock.unlock();
    }
  }

  private void checkOpen() {
    if (closed || durable.isClosed()) {
      close();
      throw new LogException.Closed(
          durable.isClosed() ? "the journal in " + journal : "the reader");
    }
  }

  private List<LogRecord> fromFiles(long tail) throws InterruptedException {
    fileLock.lock();
    try {
      checkOpen();
      return readFrames(tail);
    } catch (ClosedByInterruptException _) {
      drop();
      // The exception tells it; the file is opened again when the thread comes back.
      Thread.interrupted();
      throw new InterruptedException();
    } catch (EOFException | NoSuchFileException missing) {
      drop();
      throw new LogException.Corrupt(cannotRead(missing));
    } catch (IOException failure) {
      // The disk does not answer, which says nothing about what is on it.
      drop();
      throw new LogException.Unavailable(cannotRead(failure), failure);
    } finally {
      fileLock.unlock();
    }
  }

  private String cannotRead(IOException failure) {
    return "position " + place + " of the journal in " + journal + " cannot be read: " + failure;
  }

  private List<LogRecord> readFrames(long tail) throws IOException {
    List<LogRecord> records = new ArrayList<>();
    long bytes = 0;
    long wanted = place;
    try {
      while (wanted < tail && bytes < NEXT_BYTES && records.size() < NEXT_RECORDS) {
        Found found = seek(wanted, tail);
        Cursor at = found.at;
        Frame frame = found.frame;
        bytes += frame.bodyBytes();
        take(at, frame, wanted, records);
        at.offset = frame.end();
        at.position = frame.next();
        wanted = frame.next();
      }
    } catch (LogException damage) {
      // What comes before the damage is good; the next call meets the damage again.
      if (records.isEmpty()) {
        throw damage;
      }
    }
    return records;
  }

  private record Found(Cursor at, Frame frame) {}

  // The frame of data that holds the position, and the cursor before it.
  private Found seek(long wanted, long tail) throws IOException {
    Cursor at = cursor;
    if (at == null || at.position != wanted) {
      at = open(wanted);
    }
    if (at.tail != tail) {
      // What was read at the old tail may have been written since.
      at.frames.window().forget();
      at.tail = tail;
    }
    while (true) {
      Frame frame = at.frames.header(at.offset);
      if (frame == null) {
        // The end of this segment, if the next begins here.
        Cursor next = open(at.position);
        if (next.segment.base() != at.position || next.segment.equals(at.segment)) {
          throw damaged(at, "there is no whole frame");
        }
        next.tail = tail;
        at = next;
      } else if (frame.position() != at.position) {
        throw damaged(at, "the frame begins with position " + frame.position());
      } else if (frame.next() > wanted) {
        return new Found(at, frame);
      } else {
        at.segment.index().saw(frame.position(), at.offset);
        at.offset = frame.end();
        at.position = frame.next();
      }
    }
  }

  private Cursor open(long position) throws IOException {
    Segments.Opened opened = segments.open(position);
    drop();
    Cursor at = new Cursor(opened, opened.segment().index().before(position));
    cursor = at;
    return at;
  }

  private void take(Cursor at, Frame frame, long wanted, List<LogRecord> records)
      throws IOException {
    List<Bytes> body = at.frames.body(frame);
    if (body == null) {
      throw damaged(at, "the frame is not what was written");
    }
    for (int i = (int) (wanted - frame.position()); i < body.size(); i++) {
      records.add(new LogRecord(frame.position() + i, body.get(i)));
    }
    at.segment.index().saw(frame.position(), at.offset);
  }

  private LogException damaged(Cursor at, String what) {
    return Damage.corrupt(journal, at.segment.name(), at.offset, at.position, what);
  }

  private void drop() {
    Cursor open = cursor;
    cursor = null;
    if (open != null) {
      try {
        open.file.close();
      } catch (IOException _) {
        // It was only read.
      }
    }
  }
}
