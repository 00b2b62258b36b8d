package io.tidemark.log.journal;

import io.tidemark.base.Bytes;
import io.tidemark.log.LogException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the end of the newest segment after a restart, tells a torn tail from damage, and cuts the
/// torn tail off.
///
/// A crash may leave any sectors of the last group unwritten, hence zero, and may cut any write
/// short; the group was then never acknowledged. Everything before it had been forced to the disk.
/// So the first frame that is not whole is a torn tail if *both* hold:
///
/// - no group was begun behind it: no frame further on belongs to a group that begins behind it;
/// - it lacks something: its first or another sector is zero, or its end, or the file's.
///
/// Otherwise it was whole once and is damaged, and the journal is not opened. What cannot be told
/// from a crash: a zeroed sector in the last group, and a changed one in a frame of the last group
/// that holds 512 zeros of its own. After a clean close there is neither: the close is a group.
final class TailScan {
  private static final Logger LOG = LoggerFactory.getLogger(TailScan.class);
  private static final int SECTOR_BYTES = 512;
  private static final ByteBuffer ZEROS = ByteBuffer.allocate(Window.BYTES).asReadOnlyBuffer();

  private final String journal;
  private final Segment segment;
  private final StorageFile file;
  private final FrameReader frames;

  private State state;
  private int offset = SegmentHeader.BYTES;
  private int lastGroup = SegmentHeader.BYTES;
  private boolean closedCleanly;

  /// Scans this segment.
  ///
  /// @param journal the journal's directory, for messages
  TailScan(String journal, Segment segment, StorageFile file) {
    this.journal = journal;
    this.segment = segment;
    this.file = file;
    this.frames = new FrameReader(file, segment.stamp(), segment.bytes());
    SegmentHeader header = segment.header();
    this.state = new State(header.base(), header.fence(), header.sealed());
  }

  /// What the log had come to.
  State state() {
    return state;
  }

  /// Where the next frame belongs.
  int offset() {
    return offset;
  }

  /// Whether the last thing that happened was a clean close.
  boolean closedCleanly() {
    return closedCleanly;
  }

  /// Finds the end, cuts a torn tail, and makes what is left durable.
  ///
  /// @throws LogException.Corrupt if the segment is damaged; then nothing was changed
  void run() throws IOException {
    Frame broken = walk();
    if (file.size() < segment.bytes() || !isZero(offset, segment.bytes())) {
      checkThatNoGroupFollows(broken);
      if (broken == null) {
        checkTornHeader();
      } else {
        checkTornFrame(broken);
      }
      cut();
    }
    rewriteLastGroup();
    file.force();
  }

  // Takes whole frames; returns the header of the first that is not whole, or null if even its
  // header is not.
  private @Nullable Frame walk() throws IOException {
    while (true) {
      Frame frame = frames.header(offset);
      if (frame == null || !frames.isWhole(frame)) {
        return frame;
      }
      if (frame.position() != state.tail()) {
        throw damaged("the frame begins with position " + frame.position());
      }
      state = after(frame);
      segment.index().saw(frame.position(), offset);
      closedCleanly = frame.kind() == Frame.Kind.CLOSE;
      lastGroup = frame.group();
      offset = frame.end();
    }
  }

  private State after(Frame frame) throws IOException {
    return switch (frame.kind()) {
      case DATA -> state.withTail(frame.next());
      case FENCE -> {
        List<Bytes> body = Objects.requireNonNull(frames.body(frame), "the frame is whole");
        yield state.withFence(body.getFirst());
      }
      case SEAL -> state.withSeal();
      case CLOSE -> state;
    };
  }

  private void checkThatNoGroupFollows(@Nullable Frame broken) throws IOException {
    int from = broken == null ? offset + 8 : broken.end();
    for (int at = from; at + Frame.HEADER_BYTES <= segment.bytes(); at += 8) {
      Frame found = frames.header(at);
      if (found != null && found.group() > offset) {
        throw damaged(
            "the frame is not what was written, and one at offset " + at + " was written later");
      }
    }
  }

  // The header is not whole: it must lack the part of it that lies in a sector, or everything from
  // some byte on must be missing.
  private void checkTornHeader() throws IOException {
    int end = offset + Frame.HEADER_BYTES;
    boolean lacksSector = false;
    for (int at = offset; at < end; at = sectorEnd(at)) {
      lacksSector |= isZero(at, sectorEnd(at));
    }
    if (!lacksSector && file.size() >= end && !isZero(end, segment.bytes())) {
      throw damaged("the frame's header is not what was written");
    }
  }

  private void checkTornFrame(Frame frame) throws IOException {
    int end = frame.end();
    boolean torn = file.size() < end || frames.endIsMissing(frame);
    for (int at = offset; at < end && !torn; at = sectorEnd(at)) {
      torn = isZero(at, Math.min(sectorEnd(at), end));
    }
    if (!torn) {
      throw damaged("the frame is complete but not what was written");
    }
  }

  private void cut() throws IOException {
    LOG.warn(
        "{}/{}: the tail was torn by a crash; cut at offset {}, position {}",
        journal,
        segment.name(),
        offset,
        state.tail());
    // The header last: should this be interrupted too, what the frame lacks it still lacks.
    int body = Math.min(offset + Frame.HEADER_BYTES, segment.bytes());
    SegmentMaker.zero(file, body, segment.bytes());
    file.force();
    SegmentMaker.zero(file, offset, body);
    frames.window().forget();
  }

  // A force that failed before the restart may have left the last group in the machine's memory as
  // if it were on the disk; only what is written again is forced again.
  private void rewriteLastGroup() throws IOException {
    int at = lastGroup;
    while (at < offset) {
      ByteBuffer found = frames.window().at(at, Math.min(Window.BYTES, offset - at));
      int count = Math.min(found.remaining(), offset - at);
      file.write(found.duplicate().limit(found.position() + count), at);
      at += count;
    }
  }

  private static int sectorEnd(int at) {
    return (at / SECTOR_BYTES + 1) * SECTOR_BYTES;
  }

  // Whether there is nothing but zeros from here to there; beyond the file's end there is.
  private boolean isZero(int from, int to) throws IOException {
    int at = from;
    while (at < to) {
      ByteBuffer found = frames.window().at(at, Math.min(Window.BYTES, to - at));
      int count = Math.min(found.remaining(), to - at);
      if (count == 0) {
        return true;
      }
      int different = found.slice(found.position(), count).mismatch(ZEROS.slice(0, count));
      if (different >= 0) {
        return false;
      }
      at += count;
    }
    return true;
  }

  private LogException damaged(String what) {
    return Damage.corrupt(journal, segment.name(), offset, state.tail(), what);
  }
}
