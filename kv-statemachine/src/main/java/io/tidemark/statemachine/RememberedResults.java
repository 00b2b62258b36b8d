package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import io.tidemark.statemachine.wire.Decided;
import io.tidemark.statemachine.wire.Deleted;
import io.tidemark.statemachine.wire.Found;
import io.tidemark.statemachine.wire.Marked;
import io.tidemark.statemachine.wire.Pair;
import io.tidemark.statemachine.wire.RememberedResult;
import io.tidemark.statemachine.wire.Written;
import java.util.Optional;

/// Turns the answers to requests into the bytes that a view remembers, and back.
final class RememberedResults {
  private RememberedResults() {}

  static byte[] encode(Result result) {
    var remembered = RememberedResult.newBuilder();
    return switch (result) {
      case Result.SessionOpened(var session) ->
          remembered.setSessionOpened(session).build().toByteArray();
      case Result.Written(var revision) -> remembered.setWritten(revision).build().toByteArray();
      case Result.Deleted(var revision, var count) ->
          remembered
              .setDeleted(Deleted.newBuilder().setRevision(revision).setCount(count))
              .build()
              .toByteArray();
      case Result.Decided decided -> remembered.setDecided(encode(decided)).build().toByteArray();
      case Result.Marked(var revision, var effective) ->
          remembered
              .setMarked(Marked.newBuilder().setRevision(revision).setEffective(effective))
              .build()
              .toByteArray();
      case Result.AnswerTooLarge(var bytes) ->
          remembered.setAnswerTooLarge(bytes).build().toByteArray();
      case Result.SessionUnknown _, Result.AnswerForgotten _ ->
          throw new AssertionError("what was not done is not remembered: " + result);
    };
  }

  private static Decided encode(Result.Decided decided) {
    var encoded =
        Decided.newBuilder().setRevision(decided.revision()).setSucceeded(decided.succeeded());
    for (Answer answer : decided.answers()) {
      var one = encoded.addAnswersBuilder();
      switch (answer) {
        case Answer.Written() -> one.setWritten(Written.getDefaultInstance());
        case Answer.Deleted(var count) -> one.setDeleted(count);
        case Answer.Found(var keyValue) -> {
          var found = Found.newBuilder();
          keyValue.ifPresent(there -> found.setPair(pair(there)));
          one.setFound(found);
        }
      }
    }
    return encoded.build();
  }

  private static Pair pair(KeyValue keyValue) {
    return Pair.newBuilder()
        .setKey(Wire.wrap(keyValue.key()))
        .setValue(Wire.wrap(keyValue.value()))
        .setCreateRevision(keyValue.createRevision())
        .setModifyRevision(keyValue.modifyRevision())
        .setVersion(keyValue.version())
        .build();
  }

  static Result decode(Bytes encoded) {
    var result = Wire.known(Wire.parse(RememberedResult.parser(), encoded));
    return switch (result.getResultCase()) {
      case SESSION_OPENED -> new Result.SessionOpened(result.getSessionOpened());
      case WRITTEN -> new Result.Written(result.getWritten());
      case DELETED -> {
        var deleted = Wire.known(result.getDeleted());
        yield new Result.Deleted(deleted.getRevision(), deleted.getCount());
      }
      case DECIDED -> {
        var decided = Wire.known(result.getDecided());
        yield new Result.Decided(
            decided.getRevision(),
            decided.getSucceeded(),
            decided.getAnswersList().stream().map(RememberedResults::answer).toList());
      }
      case ANSWER_TOO_LARGE -> new Result.AnswerTooLarge(result.getAnswerTooLarge());
      case MARKED -> {
        var marked = Wire.known(result.getMarked());
        yield new Result.Marked(marked.getRevision(), marked.getEffective());
      }
      case RESULT_NOT_SET -> throw new MalformedRecordException("a remembered answer is empty");
    };
  }

  private static Answer answer(io.tidemark.statemachine.wire.Answer answer) {
    Wire.known(answer);
    return switch (answer.getAnswerCase()) {
      case WRITTEN -> {
        Wire.known(answer.getWritten());
        yield new Answer.Written();
      }
      case DELETED -> new Answer.Deleted(answer.getDeleted());
      case FOUND -> {
        var found = Wire.known(answer.getFound());
        yield new Answer.Found(
            found.hasPair() ? Optional.of(keyValue(found.getPair())) : Optional.empty());
      }
      case ANSWER_NOT_SET -> throw new MalformedRecordException("a remembered answer is empty");
    };
  }

  private static KeyValue keyValue(Pair pair) {
    Wire.known(pair);
    return new KeyValue(
        Wire.copy(pair.getKey()),
        Wire.copy(pair.getValue()),
        pair.getCreateRevision(),
        pair.getModifyRevision(),
        pair.getVersion());
  }
}
