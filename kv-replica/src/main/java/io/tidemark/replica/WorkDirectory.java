package io.tidemark.replica;

import java.nio.file.Path;

/// Where a replica keeps what belongs to checkpoints for a while: beside its view, so that
/// directories change places by a rename and files are shared by links.
///
/// ```text
///   <view>              the view
///   <view>.work/        nothing in it outlives the process: it is emptied at every start
///     made-<position>   a copy of the view at a mark, to be uploaded
///     verify            a checkpoint that is fetched and opened to see whether it is right
///     fold              a view that is folded aside to see who is right
///     install           a checkpoint that will take the place of the view
///     former            the view that it took the place of, to be deleted
/// ```
final class WorkDirectory {
  private final Path root;

  /// Empties it; the view is open, so that no other replica has it.
  WorkDirectory(Path view) {
    Path absolute = view.toAbsolutePath();
    root = absolute.resolveSibling(absolute.getFileName() + ".work");
    LocalDirectories.makeEmpty(root);
  }

  Path made(long position) {
    return root.resolve("made-" + position);
  }

  Path verify() {
    return root.resolve("verify");
  }

  Path fold() {
    return root.resolve("fold");
  }

  Path install() {
    return root.resolve("install");
  }

  Path former() {
    return root.resolve("former");
  }
}
