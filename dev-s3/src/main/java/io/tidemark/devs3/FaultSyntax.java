package io.tidemark.devs3;

import io.tidemark.devs3.Fault.Delay;
import io.tidemark.devs3.Fault.Ending;
import io.tidemark.devs3.FaultRule.Client;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A rule as parameters of a query.
///
/// ```text
///   fault=slow          delay-ms=35 [p99-ms=180]     constant, or lognormal with this median
///   fault=refuse        error=SlowDown               any code of S3
///   fault=refuse-after-effect  error=InternalError
///   fault=lose-request  [ending=cut|held]
///   fault=lose-reply    [ending=cut|held]
///   fault=land-late     delay-ms=5000 [ending=cut|held]
///   fault=twice, fault=truncate, fault=corrupt
///   and for each: operation=PutObject,GetObject  key-prefix=  access-key=|user-agent=|port=
///                 probability=0.1  skip=3  times=5
/// ```
final class FaultSyntax {
  private FaultSyntax() {}

  /// @throws IllegalArgumentException saying what is wrong
  static FaultRule parse(Map<String, String> query) {
    var left = new HashMap<>(query);
    var rule =
        new FaultRule(
            fault(left),
            operations(left.remove("operation")),
            take(left, "key-prefix", ""),
            client(left),
            decimal(take(left, "probability", "1")),
            number(take(left, "skip", "0")),
            number(take(left, "times", Long.toString(Long.MAX_VALUE))));
    if (!left.isEmpty()) {
      throw new IllegalArgumentException("unknown or superfluous: " + left.keySet());
    }
    return rule;
  }

  static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException wrong) {
      throw new IllegalArgumentException("'" + text + "' is no number", wrong);
    }
  }

  private static Fault fault(Map<String, String> left) {
    String kind = take(left, "fault", "");
    return switch (kind) {
      case "slow" -> {
        Duration median = millis(take(left, "delay-ms", ""));
        String p99 = take(left, "p99-ms", "");
        yield new Fault.Slow(
            p99.isEmpty() ? new Delay.Constant(median) : new Delay.Lognormal(median, millis(p99)));
      }
      case "refuse" -> new Fault.Refuse(error(left));
      case "refuse-after-effect" -> new Fault.RefuseAfterEffect(error(left));
      case "lose-request" -> new Fault.LoseRequest(ending(left));
      case "lose-reply" -> new Fault.LoseReply(ending(left));
      case "land-late" -> new Fault.LandLate(millis(take(left, "delay-ms", "")), ending(left));
      case "twice" -> new Fault.Twice();
      case "truncate" -> new Fault.Truncate();
      case "corrupt" -> new Fault.Corrupt();
      default -> throw new IllegalArgumentException("'" + kind + "' is no kind of fault");
    };
  }

  private static Client client(Map<String, String> left) {
    if (left.containsKey("access-key")) {
      return new Client.AccessKey(take(left, "access-key", ""));
    }
    if (left.containsKey("user-agent")) {
      return new Client.UserAgent(take(left, "user-agent", ""));
    }
    return left.containsKey("port")
        ? new Client.Port((int) number(take(left, "port", "")))
        : new Client.Any();
  }

  private static Set<Operation> operations(@Nullable String names) {
    if (names == null) {
      return EnumSet.allOf(Operation.class);
    }
    return Arrays.stream(names.split(",", -1))
        .map(name ->
            Arrays.stream(Operation.values())
                .filter(operation -> operation.title().equals(name))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no operation")))
        .collect(Collectors.toSet());
  }

  private static S3Error error(Map<String, String> left) {
    String code = take(left, "error", "");
    return Arrays.stream(S3Error.values())
        .filter(error -> error.code().equals(code))
        .findAny()
        .orElseThrow(() -> new IllegalArgumentException("'" + code + "' is no error of S3"));
  }

  private static Ending ending(Map<String, String> left) {
    String name = take(left, "ending", "cut");
    try {
      return Ending.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException("an ending is cut or held, not '" + name + "'", wrong);
    }
  }

  private static Duration millis(String text) {
    long millis = number(text);
    if (millis <= 0 || millis > 600_000) {
      throw new IllegalArgumentException("a delay is from 1 to 600000 ms, not " + millis);
    }
    return Duration.ofMillis(millis);
  }

  private static double decimal(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException wrong) {
      throw new IllegalArgumentException("'" + text + "' is no number", wrong);
    }
  }

  private static String take(Map<String, String> left, String name, String otherwise) {
    String value = left.remove(name);
    return value == null ? otherwise : value;
  }
}
