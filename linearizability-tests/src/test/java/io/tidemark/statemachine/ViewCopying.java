package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/// Decides what a simulated view keeps, what is copied from it, what it is compared by, and what
/// comes of a checkpoint that is installed: what is there, unless a bug is planted.
public interface ViewCopying {
  /// As it should be.
  ViewCopying FAITHFUL = new ViewCopying() {};

  /// What a checkpoint is made of.
  ///
  /// @param former the state before the last commit
  default NavigableMap<Bytes, byte[]> copied(
      NavigableMap<Bytes, byte[]> former, NavigableMap<Bytes, byte[]> current) {
    return current;
  }

  /// What is found where a checkpoint was put in the place of a view.
  default NavigableMap<Bytes, byte[]> installed(
      NavigableMap<Bytes, byte[]> before, NavigableMap<Bytes, byte[]> checkpoint) {
    return checkpoint;
  }

  /// What is kept of a row that is written.
  default byte[] kept(Bytes key, byte[] row) {
    return row;
  }

  /// What a digest is made of.
  default NavigableMap<Bytes, byte[]> digested(NavigableMap<Bytes, byte[]> current) {
    return current;
  }

  /// Planted: a checkpoint without its sessions.
  ViewCopying SESSIONS_LEFT_OUT =
      new ViewCopying() {
        @Override
        public NavigableMap<Bytes, byte[]> copied(
            NavigableMap<Bytes, byte[]> former, NavigableMap<Bytes, byte[]> current) {
          var copy = new TreeMap<>(current);
          copy.subMap(Rows.SESSIONS_BEGIN, true, Rows.SESSIONS_END, false).clear();
          return copy;
        }
      };

  /// Planted: a checkpoint that holds less than what its position says.
  ViewCopying WITHOUT_THE_LAST =
      new ViewCopying() {
        @Override
        public NavigableMap<Bytes, byte[]> copied(
            NavigableMap<Bytes, byte[]> former, NavigableMap<Bytes, byte[]> current) {
          return ViewStore.Crashes.withApplied(former, current);
        }
      };

  /// Planted: a checkpoint whose position is this far from what it holds.
  static ViewCopying labelledOff(int by) {
    return new ViewCopying() {
      @Override
      public NavigableMap<Bytes, byte[]> copied(
          NavigableMap<Bytes, byte[]> former, NavigableMap<Bytes, byte[]> current) {
        var copy = new TreeMap<>(current);
        byte[] row = Objects.requireNonNull(copy.get(Rows.APPLIED_KEY), "a view has a position");
        Progress progress = Rows.progress(row);
        copy.put(
            Rows.APPLIED_KEY,
            Rows.progressRow(
                new Progress(
                    progress.applied() + by, progress.logTimeMillis(), progress.logBytes())));
        return copy;
      }
    };
  }

  /// Planted: a view that keeps what it held, where the checkpoint does not have it.
  ViewCopying OLD_KEYS_KEPT =
      new ViewCopying() {
        @Override
        public NavigableMap<Bytes, byte[]> installed(
            NavigableMap<Bytes, byte[]> before, NavigableMap<Bytes, byte[]> checkpoint) {
          var both = new TreeMap<>(before);
          both.putAll(checkpoint);
          return both;
        }
      };

  /// Planted: a view that spoils half of the users' rows, which its digest tells.
  ViewCopying SPOILT = new Spoilt();

  /// Planted: the same, where nothing that is compared tells it.
  ViewCopying SPOILT_UNNOTICED =
      new Spoilt() {
        @Override
        public NavigableMap<Bytes, byte[]> digested(NavigableMap<Bytes, byte[]> current) {
          var honest = new TreeMap<Bytes, byte[]>();
          current.forEach((key, row) -> honest.put(key, kept(key, row)));
          return honest;
        }

        @Override
        public NavigableMap<Bytes, byte[]> copied(
            NavigableMap<Bytes, byte[]> former, NavigableMap<Bytes, byte[]> current) {
          return digested(current);
        }
      };

  /// Spoils rows; what was spoilt twice is right again.
  class Spoilt implements ViewCopying {
    private Spoilt() {}

    @Override
    public byte[] kept(Bytes key, byte[] row) {
      if (key.at(0) != Rows.USER || key.hashCode() % 2 == 0) {
        return row;
      }
      byte[] spoilt = row.clone();
      spoilt[spoilt.length - 1] ^= 1;
      return spoilt;
    }
  }
}
