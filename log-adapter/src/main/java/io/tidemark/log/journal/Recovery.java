package io.tidemark.log.journal;

import io.tidemark.base.Bytes;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogExistsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/// Opens what a directory holds, or begins a new log in an empty one.
///
/// Of all segments it checks the first block and the chain of bases; the frames of the newest
/// alone, those of older ones are checked when they are read: a segment is begun only after the one
/// before it was forced to the disk to its end.
final class Recovery {
  private static final Pattern SEGMENT = Pattern.compile("[0-9a-f]{16}\\.seg");

  private final Storage storage;
  private final JournalConfig config;

  private Recovery(Storage storage, JournalConfig config) {
    this.storage = storage;
    this.config = config;
  }

  /// What was found.
  ///
  /// @param segments by base, one at least
  /// @param active the newest, to be written on
  /// @param file its file, which whoever asked closes
  /// @param offset where in it the next frame belongs
  /// @param state what the log has come to, durably
  /// @param closedCleanly whether the last frame says so
  record Recovered(
      UUID logId,
      NavigableMap<Long, Segment> segments,
      Segment active,
      StorageFile file,
      int offset,
      State state,
      boolean closedCleanly) {}

  /// Opens the log.
  ///
  /// @throws LogException.Corrupt if something is not what was written; then nothing was changed
  ///   but that unfinished files are gone
  static Recovered recover(Storage storage, JournalConfig config) throws IOException {
    return new Recovery(storage, config).recover();
  }

  /// Begins a log at this position.
  ///
  /// @throws LogExistsException if there is one
  /// @throws LogException.Corrupt if there are records without an identity
  static Recovered create(Storage storage, JournalConfig config, long first) throws IOException {
    List<String> files = storage.list();
    if (files.contains(LogIdentity.FILE)) {
      throw new LogExistsException(storage.name());
    }
    return new Recovery(storage, config).create(files, first);
  }

  private Recovered recover() throws IOException {
    List<String> files = storage.list();
    if (!files.contains(LogIdentity.FILE)) {
      return create(files, Log.START);
    }
    deleteUnfinished(files);
    List<String> names = segments(files);
    UUID id = LogIdentity.read(storage);
    if (names.isEmpty()) {
      throw new LogException.Corrupt(
          "the journal in " + storage.name() + " has lost all of its segment files");
    }
    NavigableMap<Long, Segment> segments = open(id, names);
    Segment newest = segments.lastEntry().getValue();
    StorageFile file = storage.open(newest.name());
    try {
      var scan = new TailScan(storage.name(), newest, file);
      scan.run();
      storage.sync();
      return new Recovered(
          id, segments, newest, file, scan.offset(), scan.state(), scan.closedCleanly());
    } catch (IOException | RuntimeException failure) {
      file.close();
      throw failure;
    }
  }

  private void deleteUnfinished(List<String> files) throws IOException {
    for (String file : files) {
      if (file.endsWith(SegmentMaker.UNFINISHED)) {
        storage.delete(file);
      }
    }
  }

  private static List<String> segments(List<String> files) {
    return files.stream().filter(SEGMENT.asMatchPredicate()).sorted().toList();
  }

  // The identity comes last, so that a directory that has one has had a segment. What a crash left
  // of a log that was begun elsewhere must be gone by then: making the segment makes that durable.
  private Recovered create(List<String> files, long first) throws IOException {
    List<String> names = segments(files);
    for (String name : names) {
      checkThatItIsUnused(name);
    }
    deleteUnfinished(files);
    for (String name : names) {
      storage.delete(name);
    }
    UUID id = config.newLogId().get();
    var header = new SegmentHeader(id, config.segmentBytes(), first, 0, false, Bytes.EMPTY);
    SegmentMaker.Made made = SegmentMaker.first(storage, header);
    try {
      LogIdentity.write(storage, id);
    } catch (IOException failure) {
      made.file().close();
      throw failure;
    }
    var segments = new TreeMap<Long, Segment>();
    segments.put(first, made.segment());
    var state = new State(first, Bytes.EMPTY, false);
    return new Recovered(
        id, segments, made.segment(), made.file(), SegmentHeader.BYTES, state, true);
  }

  // A crash while the log was begun leaves a first segment without frames and no identity.
  private void checkThatItIsUnused(String name) throws IOException {
    try (StorageFile file = storage.open(name)) {
      var window = new Window(file);
      for (long at = SegmentHeader.BYTES; at < file.size(); ) {
        ByteBuffer found = window.at(at, 1);
        while (found.hasRemaining()) {
          if (found.get() != 0) {
            throw new LogException.Corrupt(
                "the journal in %s has lost its file %s, but has records in %s"
                    .formatted(storage.name(), LogIdentity.FILE, name));
          }
          at++;
        }
      }
    }
  }

  private NavigableMap<Long, Segment> open(UUID id, List<String> names) throws IOException {
    var segments = new TreeMap<Long, Segment>();
    ByteBuffer block = ByteBuffer.allocate(SegmentHeader.BYTES);
    long before = 0;
    for (String name : names) {
      block.clear();
      try (StorageFile file = storage.open(name)) {
        file.read(block, 0);
      }
      String path = storage.name() + "/" + name;
      SegmentHeader.Stamped found = SegmentHeader.decode(block.flip(), path);
      SegmentHeader header = found.header();
      if (!header.logId().equals(id) || !header.fileName().equals(name)) {
        throw new LogException.Corrupt(path + ", offset 0: the segment belongs elsewhere");
      }
      if (before != 0 && header.previousBase() != before) {
        throw new LogException.Corrupt(
            "%s, offset 0: the segment with position %d, which comes before it, is missing"
                .formatted(path, header.previousBase()));
      }
      before = header.base();
      segments.put(before, new Segment(header, found.stamp(), new SparseIndex(before)));
    }
    return segments;
  }
}
