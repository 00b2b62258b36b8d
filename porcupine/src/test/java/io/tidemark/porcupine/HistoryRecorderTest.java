package io.tidemark.porcupine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.porcupine.model.Register;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HistoryRecorderTest {
  private final AtomicLong time = new AtomicLong();
  private final HistoryRecorder<String, String> recorder =
      new HistoryRecorder<>(time::incrementAndGet, 5);

  @Test
  void everyOutcomeIsRecordedWithItsInterval() {
    var one = recorder.invoke(recorder.newClient(), "a");
    var two = recorder.invoke(recorder.newClient(), "b");
    one.ok("x", Map.of("replica", "2"));
    two.fail("refused");
    recorder.invoke(0, "c").info("timeout");
    recorder.invoke(1, "d");
    assertThat(recorder.history().operations())
        .containsExactly(
            Operation.ok(0, "a", 1, "x", 3).withMetadata(Map.of("replica", "2")).withId(0),
            Operation.<String, String>failed(1, "b", 2, 4)
                .withMetadata(Map.of("reason", "refused"))
                .withId(1),
            Operation.<String, String>info(0, "c", 5)
                .withMetadata(Map.of("reason", "timeout"))
                .withId(2),
            Operation.<String, String>info(1, "d", 6).withId(3));
    assertThat(recorder.history().problems()).isEmpty();
  }

  @Test
  void aClientIsRetiredAfterAnIndefiniteOperation() {
    recorder.invoke(4, "a").info("timeout");
    assertThatThrownBy(() -> recorder.invoke(4, "b")).hasMessage("client 4 is retired");
    assertThat(recorder.newClient()).isEqualTo(5);
  }

  @Test
  void aClientHasOneCallOpenAndACallFinishesOnce() {
    var call = recorder.invoke(0, "a");
    assertThatThrownBy(() -> recorder.invoke(0, "b")).hasMessage("client 0 has a call open");
    call.ok("x");
    assertThatThrownBy(() -> call.ok("x")).hasMessage("the call of client 0 is finished");
    assertThat(recorder.history().size()).isEqualTo(1);
  }

  @Test
  void aFullRecorderRefuses() {
    for (int i = 0; i < 5; i++) {
      recorder.invoke(0, "a").ok("x");
    }
    assertThatThrownBy(() -> recorder.invoke(0, "a")).hasMessage("the recorder holds 5 operations");
  }

  @Test
  void whatThreadsDoToAnAtomicVariableIsLinearizable() throws InterruptedException {
    HistoryRecorder<Register.Input, Register.Output> shared =
        new HistoryRecorder<>(System::nanoTime, 10_000);
    AtomicReference<String> variable = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int client = shared.newClient();
      threads.add(
          new Thread(() -> {
            for (int i = 0; i < 500; i++) {
              String value = client + "." + i;
              var write = shared.invoke(client, new Register.Write("k", value));
              variable.set(value);
              write.ok(new Register.Written());
              var read = shared.invoke(client, new Register.Read("k"));
              read.ok(new Register.Value(variable.get()));
            }
          }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    History<Register.Input, Register.Output> history = shared.history();
    assertThat(history.size()).isEqualTo(4000);
    assertThat(history.problems()).isEmpty();
    var report = Linearizability.check(new Register(), history, Options.DEFAULT);
    assertThat(report.isOk()).as(report.summary()).isTrue();
  }
}
