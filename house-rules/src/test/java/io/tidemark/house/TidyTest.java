package io.tidemark.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.TreePathScanner;
import io.tidemark.house.SourceTree.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import org.junit.jupiter.api.Test;

/// What a reader may count on in every file.
class TidyTest {
  private static final int FILE_LINES_MAX = 600;
  private static final int METHOD_LINES_MAX = 60;
  private static final int COLUMNS_MAX = 100;

  /// Words that say a thing is unfinished; a finished tree has none.
  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(TODO|FIXME|XXX|HACK)\\b|not (yet )?(supported|implemented)");

  @Test
  void everyModuleIsRead() {
    assertThat(SourceTree.all().stream().filter(Source::isMain)).hasSizeGreaterThan(20);
  }

  @Test
  void filesAreAtMost600Lines() {
    assertThat(offenders(file -> file.lines().size() > FILE_LINES_MAX)).isEmpty();
  }

  @Test
  void linesAreAtMost100Columns() {
    var tooLong = new ArrayList<String>();
    for (Source source : SourceTree.all()) {
      for (int i = 0; i < source.lines().size(); i++) {
        String line = source.lines().get(i);
        if (line.length() > COLUMNS_MAX && !line.startsWith("import ")) {
          tooLong.add(source.name() + ":" + (i + 1));
        }
      }
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void methodsAreAtMost60Lines() {
    var tooLong = new ArrayList<String>();
    for (Source source : SourceTree.all()) {
      var positions = source.docs().getSourcePositions();
      new TreePathScanner<Void, String>() {
        @Override
        public Void visitMethod(MethodTree method, String none) {
          if (method.getBody() != null) {
            long first = source.lineAt(positions.getStartPosition(source.tree(), method));
            long last = source.lineAt(positions.getEndPosition(source.tree(), method));
            if (last - first + 1 > METHOD_LINES_MAX) {
              tooLong.add(source.name() + ":" + first + " " + method.getName());
            }
          }
          return super.visitMethod(method, none);
        }
      }.scan(source.tree(), "");
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void everyPackageOfTheProductIsDocumentedAndNullMarked() {
    var missing = new ArrayList<String>();
    SourceTree.all().stream()
        .filter(Source::isMain)
        .map(source -> source.path().getParent())
        .distinct()
        .filter(folder -> !isDocumented(folder))
        .forEach(folder -> missing.add(SourceTree.root().relativize(folder).toString()));
    assertThat(missing).isEmpty();
  }

  @Test
  void everyPublicTypeSaysWhatItPromises() {
    var silent = new ArrayList<String>();
    for (Source source : SourceTree.all()) {
      if (!source.isMain()) {
        continue;
      }
      new TreePathScanner<Void, String>() {
        @Override
        public Void visitClass(ClassTree type, String none) {
          if (type.getModifiers().getFlags().contains(Modifier.PUBLIC)
              && source.docs().getDocComment(getCurrentPath()) == null) {
            silent.add(source.name() + " " + type.getSimpleName());
          }
          return super.visitClass(type, none);
        }
      }.scan(source.tree(), "");
    }
    assertThat(silent).isEmpty();
  }

  @Test
  void nothingIsLeftForLater() {
    assertThat(offendersElsewhere(line -> UNFINISHED.matcher(line).find())).isEmpty();
  }

  @Test
  void nothingWaitsByPassingTime() {
    assertThat(offendersElsewhere(line -> line.contains("Thread.sleep"))).isEmpty();
  }

  @Test
  void noFileNamesAPlaceOfOneMachine() throws Exception {
    var offenders = new ArrayList<String>();
    try (Stream<Path> files = Files.walk(SourceTree.root())) {
      for (Path file : files.filter(TidyTest::isText).toList()) {
        if (Files.readString(file).contains("/" + "work/")) {
          offenders.add(SourceTree.root().relativize(file).toString());
        }
      }
    }
    assertThat(offenders).isEmpty();
  }

  private static boolean isText(Path file) {
    String name = file.toString();
    return !name.contains("/target/")
        && !name.contains("/.git/")
        && Stream.of(".java", ".md", ".xml", ".proto", ".yml").anyMatch(name::endsWith);
  }

  private static boolean isDocumented(Path folder) {
    Path info = folder.resolve("package-info.java");
    boolean isGenerated = SourceTree.all().stream().filter(in(folder)).count() == 1;
    return SourceTree.all().stream()
        .filter(source -> source.path().equals(info))
        .anyMatch(source ->
            source.lines().getFirst().startsWith("///")
                && (isGenerated || source.lines().contains("@NullMarked")));
  }

  private static Predicate<Source> in(Path folder) {
    return source -> folder.equals(source.path().getParent());
  }

  /// Files but those of this module, which names what it looks for.
  private static List<String> offendersElsewhere(Predicate<String> line) {
    return offenders(
        file -> !file.name().startsWith("house-rules") && file.lines().stream().anyMatch(line));
  }

  private static List<String> offenders(Predicate<Source> rule) {
    return SourceTree.all().stream().filter(rule).map(Source::name).toList();
  }
}
