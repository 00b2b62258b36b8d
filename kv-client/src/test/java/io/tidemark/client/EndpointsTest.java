package io.tidemark.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Clock;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EndpointsTest {
  private static final long MILLI = 1_000_000;
  private static final RandomGenerator SECOND = () -> Long.MAX_VALUE / 2;

  private final ManualClock clock = new ManualClock();
  private final Endpoints endpoints = new Endpoints(List.of("a:1", "b:2", "c:3"), clock, SECOND);

  @AfterEach
  void close() {
    endpoints.close();
  }

  @Test
  void theOneThatWorksIsKept() {
    Endpoint begun = endpoints.pick();
    endpoints.worked(begun);
    clock.nanos += 1_000_000 * MILLI;
    assertThat(endpoints.pick()).isSameAs(begun);
  }

  @Test
  void theNextIsTakenWhenOneFailsAndThatIsComeBackTo() {
    Endpoint one = endpoints.pick();
    endpoints.failed(one, false);
    Endpoint two = endpoints.pick();
    assertThat(two).isNotSameAs(one);
    endpoints.failed(one, false);
    assertThat(endpoints.pick()).as("an old failure moves nobody").isSameAs(two);
    endpoints.failed(two, false);
    Endpoint three = endpoints.pick();
    endpoints.failed(three, false);
    assertThat(endpoints.pick()).as("all failed: whose time is up first").isSameAs(one);
  }

  @Test
  void whoFailsOftenIsAvoidedForLonger() {
    Endpoint bad = endpoints.pick();
    for (int i = 0; i < 5; i++) {
      endpoints.failed(bad, false);
      clock.nanos += 10_000 * MILLI;
    }
    endpoints.failed(bad, false);
    clock.nanos += 2_000 * MILLI;
    Endpoint two = endpoints.pick();
    endpoints.failed(two, false);
    Endpoint three = endpoints.pick();
    endpoints.failed(three, false);
    assertThat(endpoints.pick()).isSameAs(two);
    endpoints.worked(bad);
    endpoints.failed(two, false);
    endpoints.failed(three, false);
    assertThat(endpoints.pick()).isNotSameAs(two);
  }

  private static final class ManualClock implements Clock {
    private long nanos;

    @Override
    public long nanoTime() {
      return nanos;
    }

    @Override
    public long wallMillis() {
      return 0;
    }
  }
}
