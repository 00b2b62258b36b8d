package io.tidemark.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/// Columns for people. Their widths are those of the first rows, so that a long table is written as
/// it comes; what is wider later stays whole and moves its row.
final class Table {
  private static final int ROWS_MEASURED = 100;

  private final OutputStream out;
  private final List<List<String>> pending = new ArrayList<>();
  private final int[] widths;
  private boolean measured;

  Table(OutputStream out, String... titles) {
    this.out = out;
    this.widths = new int[titles.length];
    pending.add(List.of(titles));
  }

  void row(String... cells) throws IOException {
    if (measured) {
      write(List.of(cells));
      return;
    }
    pending.add(List.of(cells));
    if (pending.size() > ROWS_MEASURED) {
      flush();
    }
  }

  /// Writes what was kept back.
  void flush() throws IOException {
    if (!measured) {
      measured = true;
      for (List<String> row : pending) {
        for (int i = 0; i < widths.length; i++) {
          widths[i] = Math.max(widths[i], width(row.get(i)));
        }
      }
      for (List<String> row : pending) {
        write(row);
      }
      pending.clear();
    }
  }

  private void write(List<String> row) throws IOException {
    var line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      line.append(row.get(i));
      if (i < row.size() - 1) {
        line.append(" ".repeat(Math.max(0, widths[i] - width(row.get(i))) + 2));
      }
    }
    ClientCommand.println(out, line.toString().stripTrailing());
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
