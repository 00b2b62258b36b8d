package io.tidemark.porcupine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the known histories, which are kept outside the repository.
public final class SharedHistories {
  private SharedHistories() {}

  /// One known log of etcd.
  ///
  /// @param file its name
  /// @param linearizable the verdict
  /// @param steps how many steps the faithful search takes
  /// @param configurations how many configurations it remembers
  public record Known(String file, boolean linearizable, long steps, long configurations) {}

  /// Whether the folder exists; the condition of the tests that need it.
  public static boolean exist() {
    return folder().isPresent();
  }

  /// The folder `shared/histories`: under `tidemark.shared` (system property) or `TIDEMARK_SHARED`
  /// (environment), else beside one of the folders above.
  public static Optional<Path> folder() {
    List<Path> candidates = new ArrayList<>();
    addIfNamed(candidates, System.getProperty("tidemark.shared"));
    addIfNamed(candidates, System.getenv("TIDEMARK_SHARED"));
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      candidates.add(at.resolve("shared"));
    }
    return candidates.stream()
        .map(shared -> shared.resolve("histories"))
        .filter(Files::isDirectory)
        .findFirst();
  }

  private static void addIfNamed(List<Path> candidates, @Nullable String name) {
    if (name != null) {
      candidates.add(Path.of(name));
    }
  }

  /// The index of the etcd logs.
  public static List<Known> etcd() {
    return lines("etcd/index.csv").stream()
        .skip(1)
        .map(line -> line.split(",", -1))
        .map(cells ->
            new Known(
                cells[0],
                Boolean.parseBoolean(cells[1]),
                Long.parseLong(cells[2]),
                Long.parseLong(cells[3])))
        .toList();
  }

  /// The lines of a file in the folder.
  public static List<String> lines(String name) {
    try {
      return Files.readAllLines(folder().orElseThrow().resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
