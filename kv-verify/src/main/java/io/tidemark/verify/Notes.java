package io.tidemark.verify;

import io.tidemark.porcupine.Operation;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// What is noted at an operation beside what was asked and answered.
final class Notes {
  /// The endpoint that it was sent to, which is the replica that served it.
  static final String REPLICA = "replica";

  /// The revision that the answer told: that of a write; of a read, up to which it saw everything.
  static final String REVISION = "revision";

  /// The values that were found, each with the revision that wrote it: `value@revision value@...`.
  static final String MODIFIED = "modified";

  /// When it was done, if not under load: [#START] or [#END].
  static final String PHASE = "phase";

  /// That its client hardly waited for the answer.
  static final String HASTY = "hasty";

  static final String START = "start";
  static final String END = "end";

  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}");
  private static final Pattern FOUND = Pattern.compile("(\\S+)@(\\d{1,18})");

  private Notes() {}

  static Map<String, String> revision(long revision) {
    return Map.of(REVISION, Long.toString(revision));
  }

  static Map<String, String> revisions(long revision, String modified) {
    return modified.isEmpty()
        ? revision(revision)
        : Map.of(REVISION, Long.toString(revision), MODIFIED, modified.strip());
  }

  /// One value that was found, for [#revisions].
  static String modified(String value, long revision) {
    return value + "@" + revision + " ";
  }

  /// The values that were found, with the revisions that wrote them; what is malformed is left out.
  static Map<String, Long> modified(Operation<?, ?> operation) {
    var all = new HashMap<String, Long>();
    for (String one : operation.metadata().getOrDefault(MODIFIED, "").split(" ", -1)) {
      var parts = FOUND.matcher(one);
      if (parts.matches()) {
        all.put(parts.group(1), Long.valueOf(parts.group(2)));
      }
    }
    return all;
  }

  static Map<String, String> both(Map<String, String> some, Map<String, String> others) {
    var all = new HashMap<>(some);
    all.putAll(others);
    return all;
  }

  static OptionalLong number(Operation<?, ?> operation, String name) {
    String text = operation.metadata().get(name);
    return text == null || !NUMBER.matcher(text).matches()
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(text));
  }

  static boolean isOfPhase(Operation<?, ?> operation, String phase) {
    return phase.equals(operation.metadata().get(PHASE));
  }

  static boolean isUnderLoad(Operation<?, ?> operation) {
    return !operation.metadata().containsKey(PHASE);
  }
}
