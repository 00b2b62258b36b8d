package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The rows of a simulated view in one real file of a directory: how many there are, then for each
/// the lengths of key and row before the two.
final class ViewFile {
  private static final String NAME = "rows";

  private ViewFile() {}

  static Path in(Path directory) {
    return directory.resolve(NAME);
  }

  /// Makes the directory with the rows in it; it must not be there.
  static void create(Path directory, NavigableMap<Bytes, byte[]> rows) {
    try {
      Files.createDirectory(directory);
    } catch (IOException e) {
      throw new ViewException.StorageFailed(directory, "cannot be made: " + e, e);
    }
    write(directory, rows);
  }

  /// Replaces the rows, whole or not at all.
  static void write(Path directory, NavigableMap<Bytes, byte[]> rows) {
    Path written = directory.resolve(NAME + ".new");
    try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(written)))) {
      out.writeInt(rows.size());
      for (var row : rows.entrySet()) {
        out.writeInt(row.getKey().length());
        out.writeInt(row.getValue().length);
        out.write(row.getKey().unsafeArray());
        out.write(row.getValue());
      }
    } catch (IOException e) {
      throw new ViewException.StorageFailed(directory, "cannot be written: " + e, e);
    }
    try {
      Files.move(written, in(directory), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new ViewException.StorageFailed(directory, "cannot be written: " + e, e);
    }
  }

  static NavigableMap<Bytes, byte[]> read(Path directory) {
    var rows = new TreeMap<Bytes, byte[]>();
    try (var in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(in(directory))))) {
      for (int left = in.readInt(); left > 0; left--) {
        byte[] key = new byte[in.readInt()];
        byte[] row = new byte[in.readInt()];
        in.readFully(key);
        in.readFully(row);
        rows.put(Bytes.wrap(key), row);
      }
    } catch (IOException e) {
      throw new ViewException.Damaged(directory, "no view is there: " + e, e);
    }
    return rows;
  }
}
