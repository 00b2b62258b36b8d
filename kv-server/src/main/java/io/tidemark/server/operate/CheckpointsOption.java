package io.tidemark.server.operate;

import picocli.CommandLine.Option;

/// Where the checkpoints are.
final class CheckpointsOption {
  @Option(
      names = "--checkpoints",
      paramLabel = "PLACE",
      required = true,
      description = "Where the checkpoints are: DIRECTORY or s3://BUCKET/PREFIX. Default: none.")
  String text = "";
}
