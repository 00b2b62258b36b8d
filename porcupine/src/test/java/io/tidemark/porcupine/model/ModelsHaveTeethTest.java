package io.tidemark.porcupine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.porcupine.BruteForce;
import io.tidemark.porcupine.CacheMode;
import io.tidemark.porcupine.Engine;
import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Linearizability;
import io.tidemark.porcupine.Model;
import io.tidemark.porcupine.NondeterministicModel;
import io.tidemark.porcupine.Options;
import io.tidemark.porcupine.Verdict;
import java.io.File;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ModelsHaveTeethTest {
  @Test
  void everyModelHasHistoriesItAcceptsAndHistoriesItRejects() throws Exception {
    Map<Class<?>, Examples<?, ?, ?>> examples = examples();
    List<Class<?>> models = models();
    assertThat(models).hasSizeGreaterThanOrEqualTo(9);
    assertThat(examples.keySet()).containsExactlyInAnyOrderElementsOf(models);
    for (Examples<?, ?, ?> example : examples.values()) {
      assertThat(example.legal()).as(example.about().getName()).isNotEmpty();
      assertThat(example.illegal()).as(example.about().getName()).isNotEmpty();
    }
  }

  @TestFactory
  Stream<DynamicTest> everyExampleGetsItsVerdictFromEveryEngine() throws Exception {
    return examples().values().stream().flatMap(ModelsHaveTeethTest::tests);
  }

  private static <S, I, O> Stream<DynamicTest> tests(Examples<S, I, O> examples) {
    String name = examples.about().getSimpleName();
    return Stream.concat(
        examples.legal().entrySet().stream()
            .map(entry ->
                DynamicTest.dynamicTest(
                    name + ": legal: " + entry.getKey(),
                    () -> check(examples.model(), entry.getValue(), true))),
        examples.illegal().entrySet().stream()
            .map(entry ->
                DynamicTest.dynamicTest(
                    name + ": illegal: " + entry.getKey(),
                    () -> check(examples.model(), entry.getValue(), false))));
  }

  private static <S, I, O> void check(Model<S, I, O> model, History<I, O> history, boolean legal) {
    assertThat(BruteForce.isLinearizable(model, history.operations())).isEqualTo(legal);
    for (CacheMode cache : CacheMode.values()) {
      for (Engine engine : List.of(Engine.AUTO, Engine.SEARCH)) {
        Options options = Options.DEFAULT.withCache(cache).withEngine(engine);
        var report = Linearizability.check(model, history, options);
        assertThat(report.verdict())
            .as(report.summary())
            .isInstanceOf(legal ? Verdict.Ok.class : Verdict.Illegal.class);
        report
            .counterexample()
            .ifPresent(c -> {
              assertThat(c.operations()).contains(c.culprit());
              assertThat(c.sentence()).endsWith(".").contains("operation " + c.culprit());
            });
      }
    }
  }

  private static Map<Class<?>, Examples<?, ?, ?>> examples() throws Exception {
    Map<Class<?>, Examples<?, ?, ?>> found = new TreeMap<>(Comparator.comparing(Class::getName));
    for (Class<?> type : classesBeside(ModelsHaveTeethTest.class)) {
      if (Examples.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
        Examples<?, ?, ?> examples =
            (Examples<?, ?, ?>) type.getDeclaredConstructor().newInstance();
        found.put(examples.about(), examples);
      }
    }
    return found;
  }

  private static List<Class<?>> models() throws Exception {
    List<Class<?>> found = new ArrayList<>();
    for (Class<?> type : classesBeside(Register.class)) {
      if (Model.class.isAssignableFrom(type)
          || NondeterministicModel.class.isAssignableFrom(type)) {
        found.add(type);
      }
    }
    return found;
  }

  private static List<Class<?>> classesBeside(Class<?> one)
      throws ClassNotFoundException, URISyntaxException {
    Path root = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
    String packageName = one.getPackageName();
    File[] files = root.resolve(packageName.replace('.', '/')).toFile().listFiles();
    List<Class<?>> found = new ArrayList<>();
    for (String name :
        Arrays.stream(Objects.requireNonNull(files)).map(File::getName).sorted().toList()) {
      if (name.endsWith(".class") && !name.equals("package-info.class")) {
        String simple = name.substring(0, name.length() - ".class".length());
        found.add(Class.forName(packageName + "." + simple));
      }
    }
    return found;
  }
}
