package io.tidemark.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How answers are written.
final class OutputOptions {
  /// The forms there are.
  enum Format {
    /// For people.
    TABLE,
    /// One JSON object a line; a value that is not UTF-8 text stands in base64 under `value_b64`.
    JSON,
    /// The bytes as they are.
    RAW
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description =
          "table: for people (default); json: one object a line, what is not text in base64 under a"
              + " name that ends in _b64; raw: the bytes as they are.")
  private @Nullable Format format;

  Format format() {
    return format == null ? Format.TABLE : format;
  }

  boolean isGiven() {
    return format != null;
  }
}
