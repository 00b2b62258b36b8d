package io.tidemark.cli;

import java.io.IOException;
import java.io.OutputStream;

/// The answer to a write: at which revision it was done.
final class Revisions {
  private Revisions() {}

  static void write(OutputStream out, OutputOptions.Format format, long revision)
      throws IOException {
    ClientCommand.println(
        out,
        switch (format) {
          case TABLE -> "ok, revision " + revision;
          case JSON -> Json.object(json -> json.name("revision").value(revision));
          case RAW -> Long.toString(revision);
        });
  }

  static void write(OutputStream out, OutputOptions.Format format, long revision, long deleted)
      throws IOException {
    ClientCommand.println(
        out,
        switch (format) {
          case TABLE -> "deleted " + deleted + ", revision " + revision;
          case JSON ->
              Json.object(json -> {
                json.name("revision").value(revision);
                json.name("deleted").value(deleted);
              });
          case RAW -> Long.toString(deleted);
        });
  }
}
