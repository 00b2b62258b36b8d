package io.tidemark.log.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// One directory of files, as much of it as a journal needs: the seam between the journal and the
/// disk. Any thread may use it.
///
/// Nothing is durable before it is asked for: a file's bytes after [StorageFile#force()], its name
/// (created, renamed or gone) after [#sync()]. A simulated disk may lose everything else, and that
/// in any order.
public interface Storage extends Closeable {
  /// The directory, for messages.
  String name();

  /// The names of the files, in order.
  List<String> list() throws IOException;

  /// A new empty file; one of that name is replaced.
  StorageFile create(String file) throws IOException;

  /// The file of this name.
  ///
  /// @throws java.nio.file.NoSuchFileException if there is none
  StorageFile open(String file) throws IOException;

  /// Renames a file in one step, replacing what has the new name; open files stay open.
  void rename(String from, String to) throws IOException;

  /// Removes a file; whoever has it open may read on.
  void delete(String file) throws IOException;

  /// A buffer of this many bytes to write files from: of the kind that the disk takes without a
  /// copy, where there is one.
  default ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes);
  }

  /// Makes all names durable.
  void sync() throws IOException;
}
