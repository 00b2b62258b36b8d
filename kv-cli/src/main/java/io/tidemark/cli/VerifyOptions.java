package io.tidemark.cli;

import io.tidemark.base.Clock;
import io.tidemark.verify.Family;
import io.tidemark.verify.Plan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a verification is to be.
final class VerifyOptions {
  /// Which families.
  enum Families {
    /// Operations of one key each.
    SINGLE_KEY,
    /// Transactions and ranges.
    MULTI_KEY,
    /// The one after the other.
    BOTH;

    /// As it is written on the command line.
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    List<Family> all() {
      return switch (this) {
        case SINGLE_KEY -> List.of(Family.SINGLE_KEY);
        case MULTI_KEY -> List.of(Family.MULTI_KEY);
        case BOTH -> Arrays.asList(Family.values());
      };
    }
  }

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = Converters.Time.class,
      description = "How long each load lasts (default: 30s).")
  private Duration duration = Duration.ofSeconds(30);

  @Option(
      names = "--family",
      paramLabel = "FAMILY",
      defaultValue = "both",
      description =
          "single-key: operations of one key each; multi-key: transactions and ranges; both: one"
              + " load after the other (default).")
  private Families families = Families.BOTH;

  @Option(
      names = "--clients",
      paramLabel = "COUNT",
      defaultValue = "24",
      description = "How many clients, spread over the endpoints, 2 to 1000 (default: 24).")
  private int clients = 24;

  @Option(
      names = "--keys",
      paramLabel = "COUNT",
      defaultValue = "20",
      description = "How many keys; a fifth of the load is on one of them (default: 20).")
  private int keys = 20;

  @Option(
      names = "--rate",
      paramLabel = "COUNT",
      defaultValue = "1000",
      description = "The most requests that are sent in a second (default: 1000).")
  private int rate = 1_000;

  @Option(
      names = "--request-timeout",
      paramLabel = "TIME",
      defaultValue = "200ms",
      converter = Converters.Time.class,
      description =
          "How long a client of the load waits for an answer; short, so that some never know what"
              + " became of their writes (default: 200ms).")
  private Duration requestTimeout = Duration.ofMillis(200);

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description =
          "What all keys begin with; no key may begin so before (default: verify/ and the seed).")
  private @Nullable String prefix;

  @Option(
      names = "--keep-keys",
      description = "Leave the keys there; they are removed at the end otherwise.")
  private boolean keepKeys;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "Where the choice of operations begins (default: the time).")
  private @Nullable Long seed;

  @Option(
      names = "--out",
      paramLabel = "DIRECTORY",
      description =
          "Where the results go: history.jsonl, report.html and verdict.json for each family"
              + " (default: tidemark-verify-SEED).")
  private @Nullable Path directory;

  Duration duration() {
    return duration;
  }

  List<Family> families() {
    return families.all();
  }

  boolean keepsKeys() {
    return keepKeys;
  }

  Path directory() {
    return directory == null ? Path.of("tidemark-verify-" + seedText()) : directory;
  }

  /// The load of one family.
  Plan plan(List<String> endpoints, Family family, Duration patience) {
    if (clients < 2) {
      throw new ClientCommand.Usage("--clients is 2 to 1000: one client alone proves nothing");
    }
    try {
      Plan plan =
          Plan.of(endpoints, family, seed())
              .withClients(clients)
              .withKeys(keys)
              .withOperationsMax(rate, operationsMax())
              .withRequestTimeout(requestTimeout)
              .withPatience(patience);
      String base = prefix == null ? "verify/" + seedText() + "/" : prefix;
      return plan.withPrefix(base + family.label() + "/");
    } catch (IllegalArgumentException wrong) {
      throw new ClientCommand.Usage(String.valueOf(wrong.getMessage()));
    }
  }

  private int operationsMax() {
    return (int) Math.min(Plan.OPERATIONS_MAX, Math.max(1, duration.toMillis() * rate / 1_000));
  }

  private long seed() {
    Long given = seed;
    if (given == null) {
      given = Clock.SYSTEM.wallMillis();
      seed = given;
    }
    return given;
  }

  private String seedText() {
    return Long.toHexString(seed());
  }
}
