package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The rows of a simulated view in real files of a directory: one for what the view knows of itself
/// and of sessions, and some that share the users' keys, so that a key that was written changes one
/// of them and leaves the others as they were. A file holds how many rows it has, then for each the
/// lengths of key and row before the two.
public final class ViewFiles {
  private static final String OWN = "own";
  private static final int SHARES = 4;

  private ViewFiles() {}

  /// Whether a view is there.
  static boolean areIn(Path directory) {
    return Files.exists(directory.resolve(OWN));
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

  /// Replaces the rows, file by file.
  static void write(Path directory, NavigableMap<Bytes, byte[]> rows) {
    var files = new TreeMap<String, TreeMap<Bytes, byte[]>>();
    files.put(OWN, new TreeMap<>());
    for (int i = 0; i < SHARES; i++) {
      files.put("keys-" + i, new TreeMap<>());
    }
    rows.forEach(
        (key, row) -> files.computeIfAbsent(file(key), _ -> new TreeMap<>()).put(key, row));
    try {
      for (var file : files.entrySet()) {
        Path written = directory.resolve(file.getKey() + ".new");
        try (var out = Files.newOutputStream(written)) {
          write(out, file.getValue());
        }
        Files.move(written, directory.resolve(file.getKey()), StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new ViewException.StorageFailed(directory, "cannot be written: " + e, e);
    }
  }

  private static String file(Bytes key) {
    boolean isUsers = key.compareTo(Rows.USER_END) < 0 && key.at(0) > Rows.SESSIONS;
    return isUsers ? "keys-" + Math.floorMod(key.hashCode(), SHARES) : OWN;
  }

  private static void write(OutputStream file, Map<Bytes, byte[]> rows) throws IOException {
    try (var out = new DataOutputStream(new BufferedOutputStream(file))) {
      out.writeInt(rows.size());
      for (var row : rows.entrySet()) {
        out.writeInt(row.getKey().length());
        out.writeInt(row.getValue().length);
        out.write(row.getKey().unsafeArray());
        out.write(row.getValue());
      }
    }
  }

  static NavigableMap<Bytes, byte[]> read(Path directory) {
    var rows = new TreeMap<Bytes, byte[]>();
    try {
      read(Files.newInputStream(directory.resolve(OWN)), rows);
      for (int i = 0; i < SHARES; i++) {
        read(Files.newInputStream(directory.resolve("keys-" + i)), rows);
      }
    } catch (IOException e) {
      throw new ViewException.Damaged(directory, "no view is there: " + e, e);
    }
    return rows;
  }

  /// Adds the rows of one file.
  static void read(InputStream file, Map<Bytes, byte[]> rows) throws IOException {
    try (var in = new DataInputStream(new BufferedInputStream(file))) {
      for (int left = in.readInt(); left > 0; left--) {
        byte[] key = new byte[in.readInt()];
        byte[] row = new byte[in.readInt()];
        in.readFully(key);
        in.readFully(row);
        rows.put(Bytes.wrap(key), row);
      }
    }
  }
}
