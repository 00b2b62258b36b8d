package io.tidemark.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/// The project's hand-written Java files, parsed.
final class SourceTree {
  /// One file with its syntax tree.
  record Source(Path path, List<String> lines, CompilationUnitTree tree, DocTrees docs) {
    /// Whether it is shipped, not a test.
    boolean isMain() {
      return path.toString().contains("src/main/java");
    }

    /// The line, from 1, at a place in the file.
    long lineAt(long place) {
      return tree.getLineMap().getLineNumber(place);
    }

    /// The file relative to the root of the project.
    String name() {
      return root().relativize(path).toString();
    }
  }

  private static final List<Source> ALL = parse();

  private SourceTree() {}

  /// Every file of every module.
  static List<Source> all() {
    return ALL;
  }

  /// The directory that holds the modules.
  static Path root() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("kv-base"))) {
        return at;
      }
    }
    throw new IllegalStateException("run inside the project");
  }

  private static List<Source> parse() {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var sources = new ArrayList<Source>();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      for (Path path : javaFiles()) {
        var units = files.getJavaFileObjects(path);
        var task = (JavacTask) compiler.getTask(null, files, _ -> {}, List.of(), null, units);
        var docs = DocTrees.instance(task);
        for (CompilationUnitTree tree : task.parse()) {
          sources.add(new Source(path, Files.readAllLines(path), tree, docs));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(sources);
  }

  private static List<Path> javaFiles() throws IOException {
    try (Stream<Path> modules = Files.list(root())) {
      var found = new ArrayList<Path>();
      for (Path module : modules.filter(m -> Files.exists(m.resolve("pom.xml"))).toList()) {
        Path source = module.resolve("src");
        if (Files.isDirectory(source)) {
          try (Stream<Path> files = Files.walk(source)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
          }
        }
      }
      return found;
    }
  }
}
