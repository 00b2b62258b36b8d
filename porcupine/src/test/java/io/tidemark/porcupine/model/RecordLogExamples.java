package io.tidemark.porcupine.model;

import io.tidemark.porcupine.Model;
import java.util.List;
import org.jspecify.annotations.Nullable;

final class RecordLogExamples extends Examples<RecordLog.State, RecordLog.Input, RecordLog.Output> {
  RecordLogExamples() {
    RecordLog.Input readAll = new RecordLog.ReadAll();
    legal(
        "a lost append is in the log or not",
        hand()
            .then(append(null, null, 1L, 2L), new RecordLog.Appended(2))
            .lost(append(2L, null, 3L))
            .then(new RecordLog.CheckTail(), new RecordLog.Tail(2))
            .then(readAll, RecordLog.content(List.of(1L, 2L, 3L)))
            .then(append(2L, null, 4L), new RecordLog.Refused()));
    legal(
        "a fenced writer is refused",
        hand()
            .then(new RecordLog.Fence("new"), new RecordLog.Fenced())
            .then(append(null, "old", 1L), new RecordLog.Refused())
            .then(append(null, "new", 2L), new RecordLog.Appended(1)));
    illegal(
        "a zombie writes past the fence",
        hand()
            .then(new RecordLog.Fence("old"), new RecordLog.Fenced())
            .lost(append(null, "old", 1L))
            .then(new RecordLog.Fence("new"), new RecordLog.Fenced())
            .then(new RecordLog.CheckTail(), new RecordLog.Tail(0))
            .then(readAll, RecordLog.content(List.of(1L))));
    illegal(
        "an acknowledged record is replaced",
        hand()
            .then(append(null, null, 1L, 2L), new RecordLog.Appended(2))
            .then(readAll, RecordLog.content(List.of(1L, 3L))));
    illegal(
        "two writers at one position",
        hand()
            .at(10, 20, append(0L, null, 1L), new RecordLog.Appended(1))
            .at(10, 20, append(0L, null, 2L), new RecordLog.Appended(1)));
  }

  @Override
  Class<?> about() {
    return RecordLog.class;
  }

  @Override
  Model<RecordLog.State, RecordLog.Input, RecordLog.Output> model() {
    return new RecordLog();
  }

  private static RecordLog.Input append(
      @Nullable Long matchTail, @Nullable String token, Long... records) {
    return new RecordLog.Append(List.of(records), matchTail, token);
  }

  private static Hand<RecordLog.Input, RecordLog.Output> hand() {
    return new Hand<>();
  }
}
