package io.tidemark.server.operate;

import io.tidemark.base.Bytes;
import io.tidemark.checkpoint.Fold;
import io.tidemark.checkpoint.Fold.Until;
import io.tidemark.checkpoint.ProgressListener;
import io.tidemark.log.Log;
import io.tidemark.log.Precondition;
import io.tidemark.log.journal.JournalConfig;
import io.tidemark.log.journal.JournalLog;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Digests;
import io.tidemark.statemachine.Digests.Digested;
import io.tidemark.statemachine.Proposal;
import io.tidemark.statemachine.ProposalCodec;
import io.tidemark.statemachine.RocksView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A database that was written to at moments of the test's choice: a journal, without a server.
final class Past {
  /// The log's time of the first record; each later one is a second later.
  static final long BEGIN_MILLIS = 1_770_000_000_000L;

  private final Path directory;
  private long written;

  Past(Path directory) {
    this.directory = directory;
  }

  String address() {
    return "journal:" + directory;
  }

  /// Writes `count` pairs, each of a key of its own, and returns the revision of the last.
  long write(int count) {
    var values = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      values.add("key %06d".formatted(written + i));
    }
    return put(values, "value ".repeat(20));
  }

  /// Writes one pair and returns its revision.
  long put(String key, String value) {
    return put(List.of(key), value);
  }

  private long put(List<String> keys, String value) {
    try (Log log = open()) {
      var records = new ArrayList<Bytes>();
      for (String key : keys) {
        written++;
        var command = new Command.Put(Bytes.utf8(key), Bytes.utf8(value + key.hashCode()));
        records.add(
            ProposalCodec.encode(
                new Proposal(7, written, Optional.empty(), millisOf(written), command)));
      }
      return log.append(records, Precondition.NONE).join().next() - 1;
    }
  }

  /// The log's time of a revision.
  static long millisOf(long revision) {
    return BEGIN_MILLIS + 1_000 * revision;
  }

  /// What the log alone comes to at this revision.
  Digested digest(long revision, Path scratch) throws InterruptedException {
    try (Log log = open();
        var view = RocksView.open(scratch, 32L << 20)) {
      Fold.fold(log, view, Until.revision(revision), ProgressListener.NONE);
      return Fold.digest(view, Digests.Pace.FULL);
    }
  }

  // With segments that are made quickly.
  private Log open() {
    return JournalLog.open(JournalConfig.of(directory).withSegmentBytes(1 << 20));
  }
}
