package io.tidemark.server.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.tidemark.api.v1.DeleteAnswer;
import io.tidemark.api.v1.DeleteRangeResponse;
import io.tidemark.api.v1.DeleteResponse;
import io.tidemark.api.v1.GetAnswer;
import io.tidemark.api.v1.GetResponse;
import io.tidemark.api.v1.KeyValuePair;
import io.tidemark.api.v1.OpenSessionResponse;
import io.tidemark.api.v1.PutAnswer;
import io.tidemark.api.v1.PutResponse;
import io.tidemark.api.v1.Reason;
import io.tidemark.api.v1.TransactResponse;
import io.tidemark.base.Bytes;
import io.tidemark.replica.ReadResult;
import io.tidemark.statemachine.Answer;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.Result;
import io.tidemark.statemachine.StateMachine;
import java.util.Optional;

/// Turns results into responses of `kv.v1`. A result that answers another kind of command is the
/// remembered answer of another request with the same id, and is refused as such.
final class Responses {
  private Responses() {}

  static GetResponse get(ReadResult<Optional<KeyValue>> read) {
    var response = GetResponse.newBuilder().setRevision(read.revision());
    read.value().ifPresent(keyValue -> response.setPair(pair(keyValue)));
    return response.build();
  }

  static PutResponse put(Result result) {
    if (result instanceof Result.Written(long revision)) {
      return PutResponse.newBuilder().setRevision(revision).build();
    }
    throw refusal(result);
  }

  static DeleteResponse delete(Result result) {
    Result.Deleted deleted = deleted(result);
    return DeleteResponse.newBuilder()
        .setRevision(deleted.revision())
        .setDeleted(deleted.count() > 0)
        .build();
  }

  static DeleteRangeResponse deleteRange(Result result) {
    Result.Deleted deleted = deleted(result);
    return DeleteRangeResponse.newBuilder()
        .setRevision(deleted.revision())
        .setDeletedCount(deleted.count())
        .build();
  }

  static TransactResponse transact(Result result) {
    if (result instanceof Result.Decided decided) {
      return decided(decided);
    }
    throw refusal(result);
  }

  static OpenSessionResponse openSession(Result result) {
    if (result instanceof Result.SessionOpened(long session)) {
      return OpenSessionResponse.newBuilder().setSession(session).build();
    }
    throw refusal(result);
  }

  static KeyValuePair pair(KeyValue keyValue) {
    return keyOnly(keyValue).setValue(byteString(keyValue.value())).build();
  }

  /// A pair without its value.
  static KeyValuePair.Builder keyOnly(KeyValue keyValue) {
    return KeyValuePair.newBuilder()
        .setKey(byteString(keyValue.key()))
        .setCreateRevision(keyValue.createRevision())
        .setModifyRevision(keyValue.modifyRevision())
        .setVersion(keyValue.version());
  }

  private static TransactResponse decided(Result.Decided decided) {
    var response =
        TransactResponse.newBuilder()
            .setRevision(decided.revision())
            .setSucceeded(decided.succeeded());
    for (Answer answer : decided.answers()) {
      response.addAnswers(answer(answer));
    }
    return response.build();
  }

  private static io.tidemark.api.v1.Answer answer(Answer answer) {
    var told = io.tidemark.api.v1.Answer.newBuilder();
    switch (answer) {
      case Answer.Written() -> told.setPut(PutAnswer.getDefaultInstance());
      case Answer.Deleted(long count) ->
          told.setDelete(DeleteAnswer.newBuilder().setDeletedCount(count));
      case Answer.Found(Optional<KeyValue> found) -> {
        var get = GetAnswer.newBuilder();
        found.ifPresent(keyValue -> get.setPair(pair(keyValue)));
        told.setGet(get);
      }
    }
    return told.build();
  }

  private static Result.Deleted deleted(Result result) {
    if (result instanceof Result.Deleted deleted) {
      return deleted;
    }
    throw refusal(result);
  }

  private static Failure refusal(Result result) {
    return switch (result) {
      case Result.Written _,
          Result.Deleted _,
          Result.Decided _,
          Result.SessionOpened _,
          Result.Marked _ ->
          Failure.invalid(
              "request_id was used before for a request of another kind; nothing was done now");
      case Result.SessionUnknown(long session) ->
          new Failure(
              Reason.REASON_SESSION_UNKNOWN,
              "session "
                  + session
                  + " is not known: it was never opened, or so many others were used since that it"
                  + " was forgotten");
      case Result.AnswerForgotten(long sequence) ->
          new Failure(
              Reason.REASON_ANSWER_FORGOTTEN,
              "sequence "
                  + sequence
                  + " is so far behind others of its session that its answer is forgotten");
      case Result.AnswerTooLarge(long bytes) ->
          Failure.tooLarge(
              "what the transaction reads", bytes, StateMachine.ANSWER_BYTES_MAX, "bytes");
    };
  }

  private static ByteString byteString(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.unsafeArray());
  }
}
