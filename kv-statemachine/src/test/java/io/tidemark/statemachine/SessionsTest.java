package io.tidemark.statemachine;

import static io.tidemark.statemachine.Views.proposal;
import static io.tidemark.statemachine.Views.put;
import static io.tidemark.statemachine.Views.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsTest {
  private static final Bytes K = Bytes.utf8("k");

  @TempDir Path directory;
  private RocksView view;
  private StateMachine machine;
  private long position = 1;

  @BeforeEach
  void open() {
    view = Views.open(directory);
    machine = new StateMachine(view);
  }

  @AfterEach
  void close() {
    view.close();
  }

  private void reopen() {
    machine.commit(position);
    view.close();
    open();
  }

  private long openSession() {
    Result result =
        machine.apply(position, proposal(new Command.OpenSession()), Views.RECORD_BYTES);
    assertThat(result).isEqualTo(new Result.SessionOpened(position));
    return position++;
  }

  private Result send(long session, long sequence, Command command) {
    return machine.apply(position++, request(session, sequence, command), Views.RECORD_BYTES);
  }

  @Test
  void aRepeatedRequestIsDoneOnceAndGetsTheAnswerItGot() {
    long session = openSession();
    Result first = send(session, 1, put("k", "v"));
    assertThat(send(session, 1, put("k", "v"))).isEqualTo(first);
    machine.commit(position);
    assertThat(send(session, 1, put("k", "v"))).isEqualTo(first);
    reopen();
    assertThat(send(session, 1, put("k", "v"))).isEqualTo(first);
    machine.commit(position);
    assertThat(view.get(K).orElseThrow().version()).isEqualTo(1);
  }

  @Test
  void everyKindOfAnswerIsRemembered() {
    long session = openSession();
    var commands =
        List.of(
            put("k", "v"),
            new Command.Transaction(
                List.of(new Condition(K, new Condition.Exists())),
                List.of(
                    new Operation.Get(K),
                    new Operation.Get(Bytes.utf8("none")),
                    new Operation.Put(K, K),
                    new Operation.Delete(K)),
                List.of()),
            new Command.Transaction(
                List.of(new Condition(K, new Condition.Exists())), List.of(), List.of()),
            put("k", "v"),
            new Command.Delete(K),
            new Command.DeleteRange(KeyRange.ALL),
            new Command.OpenSession());
    var answers = new java.util.ArrayList<Result>();
    for (int i = 0; i < commands.size(); i++) {
      answers.add(send(session, i + 1, commands.get(i)));
    }
    reopen();
    for (int i = 0; i < commands.size(); i++) {
      assertThat(send(session, i + 1, commands.get(i))).isEqualTo(answers.get(i));
    }
  }

  @Test
  void aRequestOfAnUnknownSessionIsNotDone() {
    assertThat(send(77, 1, put("k", "v"))).isEqualTo(new Result.SessionUnknown(77));
    machine.commit(position);
    assertThat(view.get(K)).isEmpty();
  }

  @Test
  void theAnswersOfTheWholeWindowAreRememberedAndThoseBeforeItForgotten() {
    long session = openSession();
    long first = position;
    int requests = Sessions.WINDOW + 10;
    for (int sequence = 1; sequence <= requests; sequence++) {
      send(session, sequence, put("k", "v"));
    }
    reopen();
    int floor = requests - Sessions.WINDOW + 1;
    for (int sequence = 1; sequence <= requests; sequence++) {
      assertThat(send(session, sequence, put("k", "again")))
          .isEqualTo(
              sequence < floor
                  ? new Result.AnswerForgotten(sequence)
                  : new Result.Written(first + sequence - 1));
    }
    machine.commit(position);
    assertThat(view.get(K).orElseThrow().version()).isEqualTo(requests);
  }

  @Test
  void requestsOfTheWindowMayComeInAnyOrder() {
    long session = openSession();
    Result third = send(session, 3, put("k", "3"));
    Result first = send(session, 1, put("k", "1"));
    Result far = send(session, 1_000, put("k", "1000"));
    assertThat(List.of(first, third, far))
        .containsExactly(new Result.Written(3), new Result.Written(2), new Result.Written(4));
    reopen();
    assertThat(send(session, 2, put("k", "2"))).isEqualTo(new Result.Written(5));
    assertThat(send(session, 1, put("k", "1"))).isEqualTo(first);
    assertThat(send(session, 3, put("k", "3"))).isEqualTo(third);
    assertThat(send(session, 1_000, put("k", "1000"))).isEqualTo(far);
  }

  @Test
  void ofTooManySessionsTheOneUsedLeastRecentlyIsForgotten() {
    long kept = openSession();
    long forgotten = openSession();
    send(forgotten, 1, put("k", "v"));
    send(kept, 1, put("k", "v"));
    for (int i = 2; i < Sessions.SESSIONS_MAX; i++) {
      openSession();
    }
    // A repetition is no use of the session.
    assertThat(send(forgotten, 1, put("k", "v"))).isInstanceOf(Result.Written.class);
    reopen();
    assertThat(send(forgotten, 1, put("k", "v"))).isInstanceOf(Result.Written.class);
    long newest = openSession();
    assertThat(send(forgotten, 2, put("k", "v"))).isEqualTo(new Result.SessionUnknown(forgotten));
    assertThat(send(kept, 2, put("k", "v"))).isInstanceOf(Result.Written.class);
    assertThat(send(newest, 1, put("k", "v"))).isInstanceOf(Result.Written.class);
    machine.commit(position);
    assertThat(Views.rows(view).subMap(Rows.SESSIONS_BEGIN, Rows.SESSIONS_END).keySet())
        .hasSize(Sessions.SESSIONS_MAX + 3)
        .noneMatch(key -> Rows.sessionOf(key.unsafeArray()) == forgotten);
  }

  @Test
  void ofAnswersThatAreTooLargeTheNewestAreRememberedAndTheGreatestSequenceAlways() {
    long session = openSession();
    machine.apply(
        position++,
        proposal(new Command.Put(K, Bytes.wrap(new byte[300 << 10]))),
        Views.RECORD_BYTES);
    var read = new Command.Transaction(List.of(), List.of(new Operation.Get(K)), List.of());
    for (int sequence = 1; sequence <= 5; sequence++) {
      send(session, sequence, read);
    }
    reopen();
    assertThat(send(session, 2, read)).isEqualTo(new Result.AnswerForgotten(2));
    assertThat(send(session, 3, read)).isInstanceOf(Result.Decided.class);
    machine.apply(
        position++,
        proposal(new Command.Put(K, Bytes.wrap(new byte[3 << 20]))),
        Views.RECORD_BYTES);
    Result huge = send(session, 6, read);
    reopen();
    assertThat(send(session, 5, read)).isEqualTo(new Result.AnswerForgotten(5));
    assertThat(send(session, 6, read)).isEqualTo(huge);
    assertThat(Views.rows(view).subMap(Rows.SESSIONS_BEGIN, Rows.SESSIONS_END)).hasSize(2);
  }
}
