package io.tidemark.cli;

import org.jspecify.annotations.Nullable;

/// What an export writes.
enum ExportFormat {
  /// As [LineFormat#JSONL].
  JSONL,
  /// As [LineFormat#TSV].
  TSV,
  /// One table, with what is known of each pair.
  PARQUET;

  /// The format that was asked for, otherwise the one that the file's name says.
  static ExportFormat of(@Nullable ExportFormat asked, String file) {
    if (asked != null) {
      return asked;
    }
    return file.endsWith(".parquet") ? PARQUET : file.endsWith(".tsv") ? TSV : JSONL;
  }
}
