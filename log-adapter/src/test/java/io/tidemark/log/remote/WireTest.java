package io.tidemark.log.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import io.tidemark.log.LogException;
import io.tidemark.log.LogInfo;
import io.tidemark.log.Precondition;
import io.tidemark.log.remote.v1.Failure;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class WireTest {
  private static final List<LogException> FAILURES =
      List.of(
          new LogException.TailMismatch(7, 9),
          new LogException.Fenced(),
          new LogException.Sealed(11),
          new LogException.TooLarge("a record", 5, 4),
          new LogException.Overloaded("the queue is full"),
          new LogException.Unavailable("the disk is full", null),
          new LogException.Trimmed(7, 12),
          new LogException.Corrupt("segment 3, offset 17, position 5"),
          new LogException.Indeterminate("the disk did not answer", null));

  @Test
  void everyFailureCrossesAsItself() throws Exception {
    for (LogException failure : FAILURES) {
      Failure wire = Wire.failure(new CompletionException(failure)).orElseThrow();
      Failure arrived = Failure.parseFrom(wire.toByteArray());
      LogException rebuilt = Wire.exception(arrived, 7, "there:1").orElseThrow();

      assertThat(rebuilt).hasSameClassAs(failure).hasMessageContaining(failure.getMessage());
      assertThat(rebuilt)
          .usingRecursiveComparison()
          .ignoringFields("detailMessage", "stackTrace", "cause")
          .isEqualTo(failure);
    }
  }

  @Test
  void noKindOfFailureIsLeftOut() {
    var kinds = FAILURES.stream().map(Object::getClass).toList();

    assertThat(LogException.class.getPermittedSubclasses())
        .allMatch(kind -> kinds.contains(kind) || kind == LogException.Closed.class);
  }

  @Test
  void aLogThatIsClosedAtTheServerIsAwayForItsClients() {
    Failure wire = Wire.failure(new LogException.Closed("the journal")).orElseThrow();

    assertThat(Wire.exception(wire, 0, "there:1"))
        .containsInstanceOf(LogException.Unavailable.class);
  }

  @Test
  void whatIsNoFailureOfALogAndAFailureFromTheFutureAreNotGuessedAt() {
    assertThat(Wire.failure(new IllegalStateException("a bug"))).isEmpty();
    assertThat(Wire.exception(Failure.getDefaultInstance(), 0, "there:1")).isEmpty();
  }

  @Test
  void descriptionsAndBatchesCrossUnchanged() {
    var info = new LogInfo(new UUID(-1, 5), "journal", 9, 10, 20);
    assertThat(Wire.info(Wire.info(info))).isEqualTo(info);

    var records = List.of(Bytes.utf8("a"), Bytes.EMPTY);
    for (Precondition precondition :
        List.of(
            Precondition.NONE,
            new Precondition.ExpectedTail(5),
            new Precondition.FencingToken(Bytes.EMPTY),
            new Precondition.FencingToken(Bytes.utf8("t")))) {
      var batch = Wire.batch(3, records, precondition);
      assertThat(Wire.records(batch)).isEqualTo(records);
      assertThat(Wire.precondition(batch)).isEqualTo(precondition);
      assertThat(batch.getNumber()).isEqualTo(3);
    }
  }
}
