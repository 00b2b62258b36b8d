package io.tidemark.cli;

import io.tidemark.client.KeyValue;
import java.io.IOException;
import java.io.OutputStream;

/// Writes pairs one after the other in the form that was asked for.
final class PairOutput {
  private final OutputStream out;
  private final OutputOptions.Format format;
  private final TextOptions text;
  private final boolean keysOnly;
  private final Table table;

  PairOutput(OutputStream out, OutputOptions.Format format, TextOptions text, boolean keysOnly) {
    this.out = out;
    this.format = format;
    this.text = text;
    this.keysOnly = keysOnly;
    this.table =
        keysOnly
            ? new Table(out, "KEY", "CREATED", "MODIFIED", "VERSION")
            : new Table(out, "KEY", "CREATED", "MODIFIED", "VERSION", "VALUE");
  }

  void write(KeyValue pair) throws IOException {
    switch (format) {
      case JSON -> ClientCommand.println(out, Json.object(json -> Json.pair(json, pair, keysOnly)));
      case RAW -> {
        out.write(pair.key().unsafeArray());
        if (!keysOnly) {
          out.write('\t');
          out.write(pair.value().unsafeArray());
        }
        out.write('\n');
      }
      case TABLE -> row(pair);
    }
  }

  private void row(KeyValue pair) throws IOException {
    String key = text.text(pair.key());
    String created = Long.toString(pair.createRevision());
    String modified = Long.toString(pair.modifyRevision());
    String version = Long.toString(pair.version());
    if (keysOnly) {
      table.row(key, created, modified, version);
    } else {
      table.row(key, created, modified, version, text.text(pair.value()));
    }
  }

  /// Writes what was kept back.
  void end() throws IOException {
    if (format == OutputOptions.Format.TABLE) {
      table.flush();
    }
  }
}
