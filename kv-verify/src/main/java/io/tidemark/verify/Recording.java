package io.tidemark.verify;

import io.tidemark.porcupine.Fault;
import io.tidemark.porcupine.format.HistoryFile;
import io.tidemark.porcupine.format.MalformedHistoryException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a load left behind: what its clients saw, and what was done to the cluster meanwhile.
/// Immutable.
///
/// Written to a file and read again it is the same, so that anyone can check the record of a run
/// that someone else made.
public final class Recording {
  private final Family family;
  private final Evidence<?, ?> evidence;

  Recording(Family family, Evidence<?, ?> evidence) {
    this.family = family;
    this.evidence = evidence;
  }

  /// Reads what [#write] wrote.
  ///
  /// @throws MalformedHistoryException if it is no history of any family
  public static Recording read(Path file) throws IOException {
    MalformedHistoryException furthest = null;
    for (Family family : Family.values()) {
      try {
        return new Recording(family, read(file, Mix.of(family)));
      } catch (MalformedHistoryException malformed) {
        if (furthest == null || malformed.line() > furthest.line()) {
          furthest = malformed;
        }
      }
    }
    if (furthest == null) {
      throw new IllegalStateException("there are families");
    }
    throw furthest;
  }

  private static <I, O> Evidence<I, O> read(Path file, Mix<I, O> mix) throws IOException {
    try (var lines = Files.newBufferedReader(file)) {
      HistoryFile.Contents<I, O> contents = mix.file().readAll(lines);
      return new Evidence<>(mix, contents.history(), contents.faults());
    }
  }

  /// Writes it as JSON lines, replacing the file; see [HistoryFile].
  public void write(Path file) throws IOException {
    try (var writer = Files.newBufferedWriter(file)) {
      write(evidence, writer);
    }
  }

  private static <I, O> void write(Evidence<I, O> evidence, Writer writer) throws IOException {
    evidence.mix().file().write(evidence.history(), evidence.faults(), writer);
  }

  /// Which operations the load consisted of.
  public Family family() {
    return family;
  }

  /// How many operations were recorded, with those before and after the load.
  public int size() {
    return evidence.history().size();
  }

  /// What was done to the cluster.
  public List<Fault> faults() {
    return evidence.faults();
  }

  /// The run in numbers.
  public Figures figures() {
    return Figures.of(evidence);
  }

  /// Checks the history, and whether the run was such that the answer means something.
  public Judgement judge(Demands demands) {
    return Judgement.of(family, evidence, demands);
  }
}
