package io.tidemark.log.journal;

import io.tidemark.base.Bytes;
import io.tidemark.log.AppendRules;
import io.tidemark.log.Appended;
import io.tidemark.log.LogException;
import io.tidemark.log.Tail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread `kv-journal`: decides about appends in their order, writes what enters the log, and
/// makes it durable in groups, one `fdatasync` per group: whatever came while the disk was busy
/// goes together.
///
/// Nothing is told to anyone before the group is durable, not even a refusal, for what caused it
/// may be in the same group. A failure to write or to force ends appends for good: what the disk
/// holds is then unknown, and trying again might seem to succeed without having done anything.
final class Committer {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

  private final Storage storage;
  private final CommitQueue queue;
  private final Durable durable;
  private final Segments segments;
  private final RecentBatches recent;
  private final SegmentMaker maker;
  private final GroupWriter writer;
  private final Thread thread;

  // The committer's thread alone, from here on.
  private final List<Decision> group = new ArrayList<>();
  private State state;
  private boolean closedCleanly;

  private volatile LogException.@Nullable Unavailable stopped;

  /// What was decided about an entry of the open group.
  ///
  /// @param entry the entry
  /// @param position where its first record stands, or the tail
  /// @param offset where in the segment its frame begins, or -1 if it has none
  /// @param end where in the segment its frame ends
  /// @param answer tells the caller, once the group is durable
  private record Decision(Entry entry, long position, int offset, long end, Runnable answer) {}

  /// Goes on where `writer` stands and `state` says, and starts the thread.
  Committer(
      Storage storage,
      CommitQueue queue,
      Durable durable,
      Segments segments,
      RecentBatches recent,
      SegmentMaker maker,
      GroupWriter writer,
      boolean closedCleanly,
      ThreadFactory threads) {
    this.storage = storage;
    this.queue = queue;
    this.durable = durable;
    this.segments = segments;
    this.recent = recent;
    this.maker = maker;
    this.writer = writer;
    this.state = durable.state();
    this.closedCleanly = closedCleanly;
    this.thread = Threads.start(threads, "kv-journal", this::run);
  }

  /// Why appends have ended, or null while they go on.
  LogException.@Nullable Unavailable stopped() {
    return stopped;
  }

  /// Waits until what was queued is done and the files are closed; the queue must be closed.
  void join() {
    if (Thread.currentThread().equals(thread)) {
      throw new IllegalStateException("a journal is not closed by what hangs on its futures");
    }
    Threads.join(thread);
  }

  private void run() {
    var entries = new ArrayList<Entry>();
    while (queue.take(entries)) {
      // An interrupt that some caller left here would close the file.
      Thread.interrupted();
      commit(entries);
      entries.clear();
    }
    close();
  }

  private void commit(List<Entry> entries) {
    for (Entry entry : entries) {
      if (stopped != null) {
        entry.future().completeExceptionally(unavailable());
        continue;
      }
      try {
        decide(entry);
      } catch (IOException | RuntimeException | Error failure) {
        stop(failure);
        entry.future().completeExceptionally(unavailable());
      }
    }
    try {
      force();
    } catch (IOException | RuntimeException | Error failure) {
      stop(failure);
    }
  }

  private void decide(Entry entry) throws IOException {
    switch (entry) {
      case Entry.Append append -> decide(append);
      case Entry.Fence fence when state.sealed() -> refuse(fence, sealed());
      case Entry.Fence fence -> {
        room(fence.token().length());
        enter(fence, fence.token().length(), () -> fence.future().complete(null));
        writer.frame(Frame.Kind.FENCE, state.tail(), List.of(fence.token()));
        state = state.withFence(fence.token());
      }
      case Entry.Seal seal -> {
        var tail = new Tail.Sealed(state.tail());
        if (state.sealed()) {
          group.add(
              new Decision(seal, tail.position(), -1, -1, () -> seal.future().complete(tail)));
        } else {
          room(0);
          enter(seal, 0, () -> seal.future().complete(tail));
          writer.frame(Frame.Kind.SEAL, state.tail(), List.of());
          state = state.withSeal();
        }
      }
    }
  }

  private void decide(Entry.Append append) throws IOException {
    Optional<LogException> refusal =
        AppendRules.refusal(append.precondition(), state.tail(), state.fence(), state.sealed());
    if (refusal.isPresent()) {
      refuse(append, refusal.get());
      return;
    }
    List<Bytes> records = append.records();
    long bodyBytes = 4L * records.size() + append.bytes();
    room(bodyBytes);
    var appended = new Appended(state.tail(), state.tail() + records.size());
    enter(append, bodyBytes, () -> append.future().complete(appended));
    writer.frame(Frame.Kind.DATA, appended.first(), records);
    state = state.withTail(appended.next());
  }

  private void refuse(Entry entry, LogException refusal) {
    CompletableFuture<?> future = entry.future();
    group.add(
        new Decision(entry, state.tail(), -1, -1, () -> future.completeExceptionally(refusal)));
  }

  // Before anything of the frame is written, so that a failure to write it finds it in the group.
  private void enter(Entry entry, long bodyBytes, Runnable answer) {
    int offset = writer.offset();
    long end = offset + Frame.bytes(bodyBytes);
    group.add(new Decision(entry, state.tail(), offset, end, answer));
  }

  // Sees to it that the segment takes a frame with such a body; if not, the next one will.
  private void room(long bodyBytes) throws IOException {
    long frameBytes = Frame.bytes(bodyBytes);
    if (writer.hasRoom(frameBytes)) {
      return;
    }
    force();
    Segment full = writer.segment();
    // One without records, too small for this frame, is replaced.
    boolean replaced = full.base() == state.tail();
    SegmentMaker.Made made =
        maker.make(
            new SegmentHeader(
                full.header().logId(),
                maker.bytesFor(frameBytes),
                state.tail(),
                replaced ? full.header().previousBase() : full.base(),
                state.sealed(),
                state.fence()));
    segments.add(made.segment());
    writer.moveTo(made.segment(), made.file());
  }

  private void force() throws IOException {
    boolean wrote = group.stream().anyMatch(decision -> decision.offset >= 0);
    if (wrote) {
      writer.force();
      closedCleanly = false;
      publish();
    }
    group.forEach(decision -> decision.answer.run());
    group.clear();
    if (stopped == null && writer.offset() > writer.segment().bytes() / 2) {
      maker.prepare();
    }
  }

  private void publish() {
    for (Decision decision : group) {
      if (decision.entry instanceof Entry.Append append && decision.offset >= 0) {
        recent.add(decision.position, append.records(), append.bytes());
        writer.segment().index().saw(decision.position, decision.offset);
      }
    }
    durable.publish(state);
  }

  private void stop(Throwable failure) {
    String why =
        ("the journal in %s cannot write %s: %s; appends have stopped for good:"
                + " free space or see to the disk, and restart")
            .formatted(storage.name(), writer.segment().name(), failure.getMessage());
    LOG.error(why, failure);
    stopped = new LogException.Unavailable(why, failure);
    for (Decision decision : group) {
      // A frame that was not given to the disk up to its end will never be whole.
      boolean written = decision.offset >= 0 && decision.end <= writer.attempted();
      boolean maybe = written && decision.entry instanceof Entry.Append;
      decision
          .entry
          .future()
          .completeExceptionally(
              maybe ? new LogException.Indeterminate(why, failure) : unavailable());
    }
    group.clear();
  }

  private LogException unavailable() {
    LogException.Unavailable told = stopped;
    return told == null
        ? new LogException.Unavailable("the journal has stopped", null)
        : new LogException.Unavailable(String.valueOf(told.getMessage()), told.getCause());
  }

  private LogException sealed() {
    return new LogException.Sealed(state.tail());
  }

  private void close() {
    try (writer;
        maker) {
      if (stopped == null && !closedCleanly) {
        writer.frame(Frame.Kind.CLOSE, state.tail(), List.of());
        writer.force();
      }
    } catch (IOException | RuntimeException failure) {
      LOG.warn("the journal in {} was not closed cleanly", storage.name(), failure);
    }
  }
}
