package io.tidemark.checkpoint;

import io.tidemark.base.Bytes;
import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Digests;
import io.tidemark.statemachine.Proposal;
import io.tidemark.statemachine.RocksView;
import io.tidemark.statemachine.StateMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/// What checkpoints of a large view cost: run by hand, with how many keys and in which directory.
final class CheckpointBench {
  private static final int VALUE_BYTES = 100;
  private static final long MEMORY_BYTES = 256L << 20;

  private final int keys;
  private final Path root;
  private final RocksView view;
  private final StateMachine machine;
  private final Random random = new Random(1);

  private CheckpointBench(int keys, Path root) {
    this.keys = keys;
    this.root = root;
    this.view = RocksView.open(root.resolve("view"), MEMORY_BYTES);
    this.machine = new StateMachine(view);
  }

  public static void main(String[] args) throws Exception {
    Path root = Files.createTempDirectory(Path.of(args[1]), "bench");
    new CheckpointBench(Integer.parseInt(args[0]), root).run();
    Directories.remove(root);
  }

  private void run() throws Exception {
    machine.bindTo(new UUID(1, 1));
    time(
        "fill",
        keys,
        () -> {
          for (int key = 0; key < keys; key++) {
            put(key);
          }
          machine.commit(machine.applied());
        });
    try (var timers = Timers.onThread("bench-timer")) {
      var store =
          CheckpointStore.open(
              DirectoryObjectStore.open(root.resolve("store")),
              new Seams(Clock.SYSTEM, timers, new Random()),
              new UUID(1, 1));
      long first = checkpoint(store);
      for (int round = 2; round <= 8; round++) {
        change();
        long next = checkpoint(store);
        say("checkpoint %d sent %.1f %% of the first".formatted(round, 100.0 * next / first));
      }
      store.close();
    }
    view.close();
  }

  private void put(int key) {
    byte[] value = new byte[VALUE_BYTES];
    random.nextBytes(value);
    var put = new Command.Put(Bytes.utf8("key-%010d".formatted(key)), Bytes.wrap(value));
    machine.apply(machine.applied(), new Proposal(1, 1, Optional.empty(), 1, put), VALUE_BYTES);
    if (machine.applied() % 100 == 0) {
      machine.commit(machine.applied());
    }
  }

  private void change() {
    for (int i = 0; i < keys / 100; i++) {
      put(random.nextInt(keys));
    }
    machine.commit(machine.applied());
  }

  private long checkpoint(CheckpointStore store) throws Exception {
    time("flush", 1, view::flush);
    put(1);
    machine.commit(machine.applied());
    Path copy = root.resolve("copy");
    time("checkpoint", 1, () -> view.checkpoint(copy));
    var digested = new Digests.Digested[1];
    time("digest", keys, () -> digested[0] = Fold.digest(view, Digests.Pace.FULL));
    Making making = store.begin(view.applied(), "bench", new Base.Newest());
    long began = System.nanoTime();
    making.upload(copy, ProgressListener.NONE);
    double seconds = (System.nanoTime() - began) / 1e9;
    Manifest manifest = making.publish(Manifest.Facts.of(view, digested[0], "bench"));
    say(
        "upload: %.1f MB in %d files, %.1f MB sent, %.2f s, %.0f MB/s read, %.0f MB/s sent"
            .formatted(
                manifest.bytes() / 1e6,
                manifest.files().size(),
                making.bytesSent() / 1e6,
                seconds,
                manifest.bytes() / 1e6 / seconds,
                making.bytesSent() / 1e6 / seconds));
    Directories.remove(copy);
    return making.bytesSent();
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void time(String what, int count, Work work) throws Exception {
    long began = System.nanoTime();
    work.run();
    double millis = (System.nanoTime() - began) / 1e6;
    say("%s: %.1f ms, %.0f/s".formatted(what, millis, count * 1_000.0 / millis));
  }

  private static void say(String text) {
    System.out.println(text);
  }
}
