package io.tidemark.checkpoint;

import io.tidemark.log.LogAddress;
import io.tidemark.log.s3.ObjectStore;
import io.tidemark.log.s3.S3Logs;
import io.tidemark.log.s3.S3Options;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Where checkpoints are kept, as a user writes it: `DIRECTORY` or `s3://BUCKET/PREFIX`.
public sealed interface CheckpointAddress {
  /// A directory, which any number of processes may use that see the same files and hard links.
  record Directory(Path path) implements CheckpointAddress {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /// Objects in a bucket; its options are no part of the text.
  record Bucket(LogAddress.S3 place) implements CheckpointAddress {
    @Override
    public String toString() {
      return place.toString();
    }
  }

  /// Understands what a user wrote; `toString()` of the result is such a text again.
  ///
  /// @param options how a bucket is reached
  /// @throws IllegalArgumentException with the forms there are, if it is none of them
  static CheckpointAddress parse(String text, S3Options options) {
    if (text.startsWith("s3:")) {
      return new Bucket(((LogAddress.S3) LogAddress.parse(text)).with(options));
    }
    try {
      if (!text.isBlank() && !text.matches("[a-z][a-z0-9]+:.*")) {
        return new Directory(Path.of(text));
      }
    } catch (InvalidPathException e) {
      throw notAnAddress(text);
    }
    throw notAnAddress(text);
  }

  private static IllegalArgumentException notAnAddress(String text) {
    return new IllegalArgumentException(
        "\"" + text + "\" is no place for checkpoints; it is a DIRECTORY or s3://BUCKET/PREFIX");
  }

  /// Opens the objects there; a directory is made if it is not there. Asks no bucket yet.
  ///
  /// @throws CheckpointException.Local if the directory cannot be used
  /// @throws IllegalArgumentException if an option of the bucket is missing that nothing else says
  default ObjectStore open() {
    return switch (this) {
      case Directory(var path) -> DirectoryObjectStore.open(path);
      case Bucket(var place) -> S3Logs.openObjects(place.bucket(), place.prefix(), place.options());
    };
  }
}
