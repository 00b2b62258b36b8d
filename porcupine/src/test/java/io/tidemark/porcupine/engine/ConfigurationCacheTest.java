package io.tidemark.porcupine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.model.CasRegister;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigurationCacheTest {
  private static final int OPERATIONS = 300;

  /// Every fifth operation never returns.
  private static final Problem<?, ?, ?> PROBLEM = problem();

  private record Configuration(BitSet set, int state) {}

  /// Whether a configuration is new.
  private interface Cache {
    boolean add(Linearized set, int state);
  }

  /// How a walk through configurations went.
  ///
  /// @param mistake at which step the cache was wrong for the first time, or -1
  /// @param configurations how many there were
  /// @param known how often one was met again
  private record Walk(int mistake, int configurations, int known) {}

  @Test
  void bothCachesKnowExactlyTheConfigurationsThatWereAdded() {
    var exact = new ConfigurationCache.Exact();
    var fingerprints = new ConfigurationCache.Fingerprints();
    Walk walk = walk(exact::add);
    assertThat(walk.mistake).isEqualTo(-1);
    assertThat(walk(fingerprints::add)).isEqualTo(walk);
    assertThat(exact.size()).isEqualTo(walk.configurations);
    assertThat(fingerprints.size()).isEqualTo(walk.configurations);
    assertThat(walk.known).isGreaterThan(1000);
    assertThat(walk.configurations).isGreaterThan(10_000);
  }

  @Test
  void fingerprintsOfEightBitsWouldBeNoticed() {
    Set<Byte> fingerprints = new HashSet<>();
    assertThat(walk((set, state) -> fingerprints.add((byte) set.low(state))).mistake)
        .isBetween(0, 1000);
  }

  private static Walk walk(Cache cache) {
    Set<Configuration> reference = new HashSet<>();
    Linearized set = new Linearized(PROBLEM);
    BitSet mirror = new BitSet();
    Random random = new Random(3);
    int mistake = -1;
    int known = 0;
    for (int i = 0; i < 100_000; i++) {
      // Mostly in order, as a search goes, so that the window moves to and fro.
      int near = Math.min(OPERATIONS - 1, mirror.cardinality() + random.nextInt(7) - 3);
      int operation = random.nextInt(20) == 0 ? random.nextInt(OPERATIONS) : Math.max(0, near);
      if (mirror.get(operation)) {
        set.remove(operation);
      } else {
        set.add(operation);
      }
      mirror.flip(operation);
      int state = random.nextInt(3);
      boolean isNew = reference.add(new Configuration((BitSet) mirror.clone(), state));
      known += isNew ? 0 : 1;
      if (cache.add(set, state) != isNew && mistake < 0) {
        mistake = i;
      }
    }
    return new Walk(mistake, reference.size(), known);
  }

  @Test
  void aFingerprintedConfigurationTakesAtMost40Bytes() {
    var fingerprints = new ConfigurationCache.Fingerprints();
    Linearized set = new Linearized(PROBLEM);
    for (int state = 0; state < 300_000; state++) {
      fingerprints.add(set, state);
      if (state >= 64) {
        assertThat(fingerprints.bytes()).isLessThanOrEqualTo(40 * fingerprints.size());
      }
    }
    assertThat(fingerprints.size()).isEqualTo(300_000);
  }

  private static Problem<?, ?, ?> problem() {
    List<Operation<CasRegister.Input, CasRegister.Output>> operations = new ArrayList<>();
    for (int i = 0; i < OPERATIONS; i++) {
      CasRegister.Input input = new CasRegister.CompareAndSet("x", "v" + i);
      operations.add(
          i % 5 == 0
              ? Operation.info(i, input, i)
              : Operation.ok(i, input, i, new CasRegister.Compared(false), i + 10L));
    }
    return Problem.of(new CasRegister(), operations);
  }
}
