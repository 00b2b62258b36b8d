package io.tidemark.statemachine;

import static io.tidemark.statemachine.Views.proposal;
import static io.tidemark.statemachine.Views.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.base.InvariantViolation;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksViewTest {
  private static final Bytes K = Bytes.utf8("k");

  @TempDir Path directory;

  /// A view of the keys `k00000` and so on, at the revisions 1 and so on.
  private RocksView filled(int keys) {
    var view = Views.open(directory);
    var machine = new StateMachine(view);
    for (int i = 0; i < keys; i++) {
      machine.apply(i + 1, proposal(put("k%05d".formatted(i), "value " + i)), Views.RECORD_BYTES);
    }
    machine.commit(keys + 1);
    return view;
  }

  @Test
  void aSnapshotStaysWhatItWasWhileTheViewGoesOn() {
    try (var view = filled(100)) {
      var machine = new StateMachine(view);
      try (var snapshot = view.snapshot()) {
        machine.apply(101, proposal(new Command.DeleteRange(KeyRange.ALL)), Views.RECORD_BYTES);
        machine.commit(102);
        assertThat(view.applied()).isEqualTo(102);
        assertThat(snapshot.applied()).isEqualTo(101);
        assertThat(snapshot.count(KeyRange.ALL)).isEqualTo(100);
        assertThat(snapshot.get(Bytes.utf8("k00042"))).isPresent();
      }
      assertThat(Views.pairs(view)).isEmpty();
    }
  }

  /// As when a snapshot is taken just after a commit was written and before the view tells of it.
  @Test
  void aSnapshotTellsThePositionThatItHoldsAndNotTheOneTheViewTells() throws Exception {
    try (var view = filled(1)) {
      view.store()
          .db
          .put(
              view.store().writeOptions,
              Rows.APPLIED_KEY.unsafeArray(),
              Rows.progressRow(new Progress(77, 0, 0)));
      assertThat(view.applied()).isEqualTo(2);
      try (var snapshot = view.snapshot()) {
        assertThat(snapshot.applied()).isEqualTo(77);
      }
    }
  }

  /// Every commit writes its applied position as the value of every key.
  @Test
  void readersOnOtherThreadsSeeWholeCommitsAndTheirAppliedPosition() throws Exception {
    var done = new AtomicBoolean();
    try (var view = Views.open(directory);
        var threads = Executors.newFixedThreadPool(2)) {
      List<Future<Integer>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(threads.submit(() -> checkSnapshots(view, done)));
      }
      var machine = new StateMachine(view);
      for (long commit = 1; commit <= 300; commit++) {
        String applied = Long.toString(10 * commit);
        for (int key = 0; key < 9; key++) {
          machine.apply(
              10 * commit - 9 + key, proposal(put("k" + key, applied)), Views.RECORD_BYTES);
        }
        machine.commit(10 * commit);
      }
      done.set(true);
      for (Future<Integer> reader : readers) {
        assertThat(reader.get()).isPositive();
      }
    }
  }

  private static int checkSnapshots(RocksView view, AtomicBoolean done) {
    int seen = 0;
    while (!done.get() || seen == 0) {
      long applied = view.applied();
      long value = view.get(Bytes.utf8("k8")).map(RocksViewTest::number).orElse(1L);
      assertThat(value).isGreaterThanOrEqualTo(applied);
      try (var snapshot = view.snapshot()) {
        for (KeyValue pair : Views.scan(snapshot, KeyRange.ALL, Snapshot.Direction.FORWARD)) {
          assertThat(number(pair)).isEqualTo(snapshot.applied());
        }
        assertThat(snapshot.count(KeyRange.ALL)).isEqualTo(snapshot.applied() == 1 ? 0 : 9);
      }
      seen++;
    }
    return seen;
  }

  private static long number(KeyValue pair) {
    return Long.parseLong(pair.value().utf8());
  }

  @Test
  void aReadFromMemoryNeverGoesToTheDisk() {
    filled(20_000).close();
    try (var view = Views.open(directory)) {
      Bytes key = Bytes.utf8("k15000");
      assertThat(view.getIfInMemory(key)).isEmpty();
      Optional<KeyValue> found = view.get(key);
      assertThat(found).isPresent();
      assertThat(view.getIfInMemory(key)).contains(found);
      var machine = new StateMachine(view);
      machine.apply(30_000, proposal(put("fresh", "v")), Views.RECORD_BYTES);
      machine.commit(30_001);
      Bytes fresh = Bytes.utf8("fresh");
      assertThat(view.getIfInMemory(fresh))
          .contains(Optional.of(new KeyValue(fresh, Bytes.utf8("v"), 30_000, 30_000, 1)));
    }
  }

  @Test
  void theDirectoryBelongsToOneViewAtATime() {
    try (var view = Views.open(directory)) {
      assertThatThrownBy(() -> Views.open(directory))
          .isInstanceOf(ViewException.InUse.class)
          .hasMessageContaining(directory.toString());
      assertThat(view.applied()).isEqualTo(1);
    }
    Views.open(directory).close();
  }

  @Test
  void aViewOfANewerFormatIsRefused() throws Exception {
    try (var view = Views.open(directory)) {
      view.store()
          .db
          .put(
              view.store().writeOptions,
              Rows.FORMAT_KEY.unsafeArray(),
              new byte[] {0, 0, 0, Rows.FORMAT + 1});
    }
    assertThatThrownBy(() -> Views.open(directory))
        .isInstanceOf(ViewException.NewerFormat.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining("upgrade");
  }

  @Test
  void aViewOfAnOlderFormatIsRefusedAndSaysWhatToDo() throws Exception {
    try (var view = Views.open(directory)) {
      view.store()
          .db
          .put(view.store().writeOptions, Rows.FORMAT_KEY.unsafeArray(), new byte[] {0, 0, 0, 1});
    }
    assertThatThrownBy(() -> Views.open(directory))
        .isInstanceOf(ViewException.OlderFormat.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining("delete the directory");
  }

  @Test
  void aViewThatSaysNonsenseOfItselfIsRefused() throws Exception {
    refusesAfterPutting(Rows.FORMAT_KEY, new byte[3], new byte[] {0, 0, 0, Rows.FORMAT});
    refusesAfterPutting(Rows.FORMAT_KEY, new byte[4], new byte[] {0, 0, 0, Rows.FORMAT});
    refusesAfterPutting(Rows.APPLIED_KEY, new byte[23], Rows.progressRow(Progress.NONE));
    refusesAfterPutting(
        Rows.APPLIED_KEY, Rows.progressRow(new Progress(0, 0, 0)), Rows.progressRow(Progress.NONE));
    refusesAfterPutting(Rows.LOG_ID_KEY, new byte[4], new byte[16]);
    try (var view = Views.open(directory)) {
      view.store().db.delete(view.store().writeOptions, Rows.FORMAT_KEY.unsafeArray());
    }
    assertThatThrownBy(() -> Views.open(directory))
        .isInstanceOf(ViewException.Damaged.class)
        .hasMessageContaining("no format");
  }

  private void refusesAfterPutting(Bytes key, byte[] nonsense, byte[] sense) throws Exception {
    try (var view = Views.open(directory)) {
      view.store().db.put(view.store().writeOptions, key.unsafeArray(), nonsense);
    }
    assertThatThrownBy(() -> Views.open(directory))
        .isInstanceOf(ViewException.Damaged.class)
        .hasMessageContaining(directory.toString());
    try (var store = new org.rocksdb.Options();
        var db = org.rocksdb.RocksDB.open(store, directory.toString())) {
      db.put(key.unsafeArray(), sense);
    }
  }

  @Test
  void aFlippedByteIsFoundAndNeverRead() throws Exception {
    var random = new SplittableRandom(1);
    var noise = new byte[40_000];
    random.nextBytes(noise);
    try (var view = Views.open(directory)) {
      var machine = new StateMachine(view);
      machine.apply(1, proposal(new Command.Put(K, Bytes.wrap(noise))), Views.RECORD_BYTES);
      machine.commit(2);
    }
    try (Stream<Path> files = Files.list(directory);
        var table =
            new RandomAccessFile(
                files.filter(f -> f.toString().endsWith(".sst")).findFirst().orElseThrow().toFile(),
                "rw")) {
      table.seek(20_000);
      int before = table.read();
      table.seek(20_000);
      table.write(before ^ 4);
    }
    assertThatThrownBy(
            () -> {
              try (var view = Views.open(directory)) {
                view.get(K);
              }
            })
        .isInstanceOf(ViewException.Damaged.class)
        .hasMessageContaining(directory.toString());
  }

  @Test
  void aDirectoryThatCannotBeUsedIsNamed() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> Views.open(file))
        .isInstanceOf(ViewException.StorageFailed.class)
        .hasMessageContaining(file.toString());
    assertThatThrownBy(() -> RocksView.open(directory, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nothingNativeIsLeftOpen() {
    RocksHandles handles;
    try (var view = filled(50)) {
      handles = view.store().handles;
      long idle = handles.open();
      for (int i = 0; i < 20; i++) {
        try (var snapshot = view.snapshot()) {
          Views.scan(snapshot, KeyRange.ALL, Snapshot.Direction.REVERSE);
          snapshot.count(KeyRange.prefix(K));
          snapshot.get(K);
          snapshot.scan(KeyRange.of(K, Bytes.EMPTY), Snapshot.Direction.FORWARD).close();
        }
        view.getIfInMemory(K);
        new StateMachine(view);
      }
      assertThat(handles.open()).isEqualTo(idle);
      // Left open by their owner.
      view.snapshot().scan(KeyRange.ALL, Snapshot.Direction.FORWARD).next();
    }
    assertThat(handles.open()).isZero();
    assertThatThrownBy(() -> Views.open(Files.createFile(directory.resolve("no-directory"))))
        .isInstanceOf(ViewException.class);
  }

  @Test
  void aClosedViewIsClosedForEveryoneAndAtOnce() throws Exception {
    var view = filled(1_000);
    var snapshot = view.snapshot();
    var cursor = snapshot.scan(KeyRange.ALL, Snapshot.Direction.FORWARD);
    assertThat(cursor.next()).isTrue();
    try (var threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(threads.submit(() -> readUntilClosed(view)));
      }
      view.close();
      for (Future<?> reader : readers) {
        reader.get();
      }
    }
    assertThatThrownBy(cursor::next).isInstanceOf(ViewException.Closed.class);
    assertThatThrownBy(cursor::keyValue).isInstanceOf(ViewException.Closed.class);
    assertThatThrownBy(() -> snapshot.get(K)).isInstanceOf(ViewException.Closed.class);
    assertThatThrownBy(view::snapshot).isInstanceOf(ViewException.Closed.class);
    assertThatThrownBy(() -> view.getIfInMemory(K)).isInstanceOf(ViewException.Closed.class);
    cursor.close();
    snapshot.close();
    view.close();
  }

  private static void readUntilClosed(RocksView view) {
    try {
      for (int i = 0; ; i++) {
        view.get(Bytes.utf8("k%05d".formatted(i % 1_000)));
        if (i % 10 == 0) {
          assertThat(Views.pairs(view)).hasSize(1_000);
        }
      }
    } catch (ViewException.Closed e) {
      assertThat(e).hasMessageContaining("closed");
    }
  }

  @Test
  void aClosedSnapshotIsNotUsed() {
    try (var view = filled(3)) {
      var snapshot = view.snapshot();
      var cursor = snapshot.scan(KeyRange.ALL, Snapshot.Direction.FORWARD);
      cursor.close();
      assertThatThrownBy(cursor::next).isInstanceOf(InvariantViolation.class);
      snapshot.close();
      snapshot.close();
      assertThatThrownBy(() -> snapshot.get(K)).isInstanceOf(InvariantViolation.class);
    }
  }
}
