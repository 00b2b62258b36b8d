package io.tidemark.devs3;

import io.tidemark.devs3.Fault.Delay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;

/// The faults that are to happen: rules that are added and removed while the endpoint runs.
///
/// Every rule that makes a request slow adds to its delay; of the others the first that matches
/// happens. Chance comes from one seeded source, so one client that asks one thing after another
/// gets the same faults for the same seed. Any thread may call.
public final class Faults {
  private static final int RULES_MAX = 1_000;

  /// Where 99 of 100 values of the normal distribution lie below.
  private static final double NORMAL_P99 = 2.3263478740408408;

  /// What happens to one request.
  ///
  /// @param beforeNanos how long until it takes effect
  /// @param afterNanos how long from then to the answer
  record Decision(long beforeNanos, long afterNanos, Optional<Fault> fault) {}

  private static final class Active {
    final FaultRule rule;
    long matched;
    long happened;

    Active(FaultRule rule) {
      this.rule = rule;
    }
  }

  /// What is told of a rule.
  ///
  /// @param happened how often
  public record Told(FaultRule rule, long happened) {}

  private final SequencedMap<Integer, Active> rules = new LinkedHashMap<>();
  private final Map<String, Long> happened = new HashMap<>();
  private final List<Runnable> late = new ArrayList<>();
  private Random random = new Random(0);
  private int lastId;

  Faults() {}

  /// Begins chance anew.
  public synchronized void seed(long seed) {
    random = new Random(seed);
  }

  /// Adds a rule, behind those that are there.
  ///
  /// @return its id, for [#remove]
  /// @throws IllegalStateException where there are 1,000 rules
  public synchronized int add(FaultRule rule) {
    if (rules.size() >= RULES_MAX) {
      throw new IllegalStateException("there are at most " + RULES_MAX + " rules");
    }
    rules.put(++lastId, new Active(rule));
    return lastId;
  }

  /// Removes a rule; says whether it was there.
  public synchronized boolean remove(int id) {
    return rules.remove(id) != null;
  }

  /// Removes every rule. What waits to land late goes on waiting.
  public synchronized void clear() {
    rules.clear();
  }

  /// The rules by id.
  public synchronized SequencedMap<Integer, Told> rules() {
    var told = new LinkedHashMap<Integer, Told>();
    rules.forEach((id, active) -> told.put(id, new Told(active.rule, active.happened)));
    return told;
  }

  /// How often each kind of fault has happened, those of removed rules included.
  public synchronized Map<String, Long> happened() {
    return Map.copyOf(happened);
  }

  /// Lets every request take effect that waits to do so late, and returns how many did.
  public int landNow() {
    List<Runnable> landing;
    synchronized (this) {
      landing = List.copyOf(late);
    }
    landing.forEach(Runnable::run);
    return landing.size();
  }

  synchronized void addLate(Runnable landing) {
    late.add(landing);
  }

  synchronized void removeLate(Runnable landing) {
    late.remove(landing);
  }

  synchronized Decision decide(S3Request request) {
    double nanos = 0;
    Optional<Fault> fault = Optional.empty();
    for (Active active : rules.values()) {
      boolean isSlow = active.rule.fault() instanceof Fault.Slow;
      if ((!isSlow && fault.isPresent()) || !happens(active, request)) {
        continue;
      }
      active.happened++;
      happened.merge(active.rule.fault().kind(), 1L, Long::sum);
      if (active.rule.fault() instanceof Fault.Slow(var delay)) {
        nanos += nanos(delay);
      } else {
        fault = Optional.of(active.rule.fault());
      }
    }
    long before = nanos == 0 ? 0 : (long) (nanos * random.nextDouble());
    return new Decision(before, (long) nanos - before, fault);
  }

  private boolean happens(Active active, S3Request request) {
    FaultRule rule = active.rule;
    if (active.happened >= rule.times() || !rule.matches(request)) {
      return false;
    }
    active.matched++;
    return active.matched > rule.skip()
        && (rule.probability() == 1 || random.nextDouble() < rule.probability());
  }

  private double nanos(Delay delay) {
    return switch (delay) {
      case Delay.Constant(var always) -> always.toNanos();
      case Delay.Lognormal(var median, var p99) -> {
        double spread = Math.log((double) p99.toNanos() / median.toNanos()) / NORMAL_P99;
        double drawn = median.toNanos() * Math.exp(spread * random.nextGaussian());
        yield Math.min(drawn, (double) Duration.ofMinutes(10).toNanos());
      }
    };
  }
}
