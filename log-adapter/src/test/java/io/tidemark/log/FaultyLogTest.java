package io.tidemark.log;

import static io.tidemark.log.LogCalls.append;
import static io.tidemark.log.LogCalls.await;
import static io.tidemark.log.LogCalls.batch;
import static io.tidemark.log.LogCalls.failure;
import static io.tidemark.log.LogCalls.readToTail;
import static io.tidemark.log.LogCalls.tail;
import static io.tidemark.log.LogCalls.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Timers;
import io.tidemark.log.FaultyLog.Fault;
import io.tidemark.log.memory.MemoryLog;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The contract holds behind late replies, and what is reported of lost ones is true.
class FaultyLogTest extends LogContract {
  private final Timers timers = Timers.onThread("faulty-log");

  @Override
  protected Log open() {
    return new FaultyLog(memory(), FaultyLog.seeded(5, 50, Fault.DELAY_REPLY), timers);
  }

  @AfterEach
  void stopTimers() {
    timers.close();
  }

  @Test
  void aLostReplyIsIndeterminateAndTheRecordIsThereOnce() {
    Log faulty = new FaultyLog(memory(), FaultyLog.script(Fault.LOSE_REPLY), timers);

    failure(faulty.append(batch("a"), Precondition.NONE), LogException.Indeterminate.class);
    append(faulty, "b");

    assertThat(texts(readToTail(faulty, Log.START))).containsExactly("a", "b");
  }

  @Test
  void aLostRequestIsIndeterminateAndTheRecordIsNotThere() {
    Log faulty =
        new FaultyLog(memory(), FaultyLog.script(Fault.LOSE_REQUEST, Fault.REFUSE), timers);

    failure(faulty.append(batch("a"), Precondition.NONE), LogException.Indeterminate.class);
    failure(faulty.append(batch("b"), Precondition.NONE), LogException.Unavailable.class);

    assertThat(tail(faulty)).isEqualTo(Log.START);
  }

  @Test
  void aLateRequestArrivesAfterItsCallerGaveUp() {
    Log faulty = new FaultyLog(memory(), FaultyLog.script(Fault.DELAY_REQUEST), timers);

    try (LogReader reader = faulty.read(Log.START)) {
      failure(faulty.append(batch("zombie"), Precondition.NONE), LogException.Indeterminate.class);
      assertThat(texts(LogCalls.next(reader))).containsExactly("zombie");
    }
  }

  @Test
  void aLostTailCheckFailsInsteadOfGuessing() {
    Log faulty = new FaultyLog(memory(), FaultyLog.script(Fault.LOSE_REPLY), timers);

    failure(faulty.checkTail(), LogException.Unavailable.class);
    assertThat(await(faulty.checkTail())).isEqualTo(new Tail.Open(Log.START));
  }

  @Test
  void underEveryFaultEachAppendEndsAsItIsReportedAndAtMostOnce() {
    for (int seed = 0; seed < 20; seed++) {
      Log memory = memory();
      Log faulty = new FaultyLog(memory, FaultyLog.seeded(seed, 60, Fault.values()), timers);
      var audit = new LogAudit();
      for (int i = 0; i < 200; i++) {
        audit.send(faulty, "a" + i, 1 + i % 3, Precondition.NONE);
      }

      assertThat(audit.count("Appended")).isPositive();
      assertThat(audit.count("Unavailable")).isPositive();
      assertThat(audit.count("Indeterminate")).isPositive();
      await(memory.seal());
      audit.check(readToTail(memory, Log.START));
    }
  }

  private static Log memory() {
    return new MemoryLog(new UUID(1, 2));
  }
}
