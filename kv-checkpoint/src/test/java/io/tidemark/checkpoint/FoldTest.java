package io.tidemark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.checkpoint.Fold.Until;
import io.tidemark.log.Log;
import io.tidemark.log.Precondition;
import io.tidemark.log.memory.MemoryLog;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Digests;
import io.tidemark.statemachine.Proposal;
import io.tidemark.statemachine.ProposalCodec;
import io.tidemark.statemachine.RocksView;
import io.tidemark.statemachine.StoredView;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log is folded up to exactly the place that was asked for.
class FoldTest {
  private static final Bytes KEY = Bytes.utf8("key");

  @TempDir private Path root;
  private final Log log = new MemoryLog(new UUID(8, 8));
  private int views;

  /// Ten records at the positions 1 to 10; the wall clock goes back once.
  @BeforeEach
  void write() {
    for (int record = 1; record <= 10; record++) {
      long wall = record == 6 ? 10 : record * 10;
      var put = new Command.Put(KEY, Bytes.utf8("value " + record));
      var proposal = new Proposal(1, record, Optional.empty(), wall, put);
      log.append(List.of(ProposalCodec.encode(proposal)), new Precondition.None()).join();
    }
  }

  @AfterEach
  void close() {
    log.close();
  }

  private StoredView view() {
    return RocksView.open(root.resolve("view-" + views++), RocksView.MEMORY_BYTES_MIN);
  }

  private Fold.Folded fold(StoredView view, Until until) throws InterruptedException {
    return Fold.fold(log, view, until, ProgressListener.NONE);
  }

  private static Bytes value(StoredView view) {
    return view.get(KEY).orElseThrow().value();
  }

  @Test
  void upToARevision() throws Exception {
    for (long revision = 1; revision <= 10; revision++) {
      try (var view = view()) {
        Fold.Folded folded = fold(view, Until.revision(revision));
        assertThat(folded.applied()).isEqualTo(revision + 1).isEqualTo(view.applied());
        assertThat(folded.records()).isEqualTo(revision);
        assertThat(value(view)).isEqualTo(Bytes.utf8("value " + revision));
        assertThat(view.logId()).isEqualTo(Optional.of(log.describe().join().id()));
      }
    }
  }

  @Test
  void upToATime() throws Exception {
    // Log time never goes back: the sixth record is of the fifth's time.
    long[][] timesAndRecords = {{9, 0}, {10, 1}, {19, 1}, {49, 4}, {50, 6}, {70, 7}, {999, 10}};
    for (long[] wanted : timesAndRecords) {
      try (var view = view()) {
        assertThat(fold(view, new Until.Time(wanted[0])).records())
            .as("until %d", wanted[0])
            .isEqualTo(wanted[1]);
        assertThat(view.progress().logTimeMillis()).isLessThanOrEqualTo(wanted[0]);
      }
    }
  }

  @Test
  void inPartsItComesToTheSameAsAtOnce() throws Exception {
    try (var once = view();
        var parts = view()) {
      fold(once, Until.revision(9));
      for (long revision = 2; revision <= 9; revision++) {
        fold(parts, Until.revision(revision));
      }
      assertThat(Fold.digest(parts, Digests.Pace.FULL))
          .isEqualTo(Fold.digest(once, Digests.Pace.FULL));
      fold(parts, Until.revision(10));
      assertThat(Fold.digest(parts, Digests.Pace.FULL))
          .isNotEqualTo(Fold.digest(once, Digests.Pace.FULL));
    }
  }

  @Test
  void whatTheLogDoesNotHoldIsRefused() throws Exception {
    try (var view = view()) {
      assertThatThrownBy(() -> fold(view, Until.revision(11)))
          .isInstanceOf(CheckpointException.NotInLog.class)
          .hasMessageContaining("the log ends at 11");
      fold(view, Until.revision(5));
      assertThatThrownBy(() -> fold(view, Until.revision(4)))
          .isInstanceOf(CheckpointException.NotInLog.class)
          .hasMessageContaining("earlier one");
      assertThatThrownBy(() -> fold(view, new Until.Time(49)))
          .isInstanceOf(CheckpointException.NotInLog.class)
          .hasMessageContaining("earlier one");
      log.trim(9).join();
      assertThatThrownBy(() -> fold(view, Until.revision(10)))
          .isInstanceOf(CheckpointException.NotInLog.class)
          .hasMessageContaining("trimmed beyond 6");
    }
  }

  @Test
  void anotherLogsViewIsRefused() throws Exception {
    try (var view = view()) {
      view.rebind(new UUID(1, 1), 3);
      assertThatThrownBy(() -> fold(view, Until.revision(5)))
          .isInstanceOf(CheckpointException.AnotherDatabase.class);
    }
  }

  @Test
  void aFoldFromACheckpointComesToWhatTheWholeLogComesTo() throws Exception {
    var objects = new TestStore();
    UUID logId = log.describe().join().id();
    try (var made = view();
        var whole = view();
        var database = new Databases(root.resolve("other"))) {
      var store = CheckpointStore.open(objects.process(), database.seams(), logId);
      fold(made, Until.revision(4));
      Manifest manifest =
          store.make(
              made, "maker", new Base.Newest(), root.resolve("scratch"), ProgressListener.NONE);
      log.trim(5).join();
      Path installed = root.resolve("installed");
      new Installation(store, manifest, Databases.READ_ONLY, List.of())
          .install(installed, ProgressListener.NONE);
      assertThatThrownBy(() -> fold(whole, Until.revision(8)))
          .isInstanceOf(CheckpointException.NotInLog.class);
      try (var folded = RocksView.open(installed, RocksView.MEMORY_BYTES_MIN)) {
        fold(folded, Until.revision(8));
        fold(made, Until.revision(8));
        assertThat(Fold.digest(folded, Digests.Pace.FULL))
            .isEqualTo(Fold.digest(made, Digests.Pace.FULL));
      }
    }
  }
}
