package io.tidemark.cli;

import io.tidemark.client.Consistency;
import picocli.CommandLine.Option;

/// The options of verbs that read.
final class ReadOptions {
  @Option(
      names = "--consistency",
      paramLabel = "LEVEL",
      defaultValue = "linearizable",
      converter = Converters.Level.class,
      description =
          "linearizable: sees every write acknowledged before; local: what the replica has, even"
              + " when the log is away; at-least:REVISION (default: linearizable).")
  private Consistency consistency = Consistency.linearizable();

  Consistency consistency() {
    return consistency;
  }
}
