package io.tidemark.server.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.tidemark.api.v1.BatchGetRequest;
import io.tidemark.api.v1.Consistency;
import io.tidemark.api.v1.DeleteRangeRequest;
import io.tidemark.api.v1.DeleteRequest;
import io.tidemark.api.v1.GetRequest;
import io.tidemark.api.v1.Interval;
import io.tidemark.api.v1.NumberTest;
import io.tidemark.api.v1.PutRequest;
import io.tidemark.api.v1.ScanRequest;
import io.tidemark.api.v1.TransactRequest;
import io.tidemark.api.v1.ValueTest;
import io.tidemark.base.Bytes;
import io.tidemark.replica.Limits;
import io.tidemark.replica.ReadConsistency;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Condition;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.Operation;
import io.tidemark.statemachine.RequestId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/// Turns requests of `kv.v1` into commands and reads, and refuses those that break a rule with a
/// [Failure] that names the field and the limit.
///
/// A field that this server does not know changes what a request means, so it is refused, wherever
/// it stands: to pass over it could weaken the answer.
final class Requests {
  private final Limits limits;

  Requests(Limits limits) {
    this.limits = limits;
  }

  Bytes get(GetRequest request) {
    known(request);
    return key("key", request.getKey());
  }

  List<Bytes> batchGet(BatchGetRequest request) {
    known(request);
    if (request.getKeysCount() > limits.batchKeysMax()) {
      throw Failure.tooLarge("keys", request.getKeysCount(), limits.batchKeysMax(), "keys");
    }
    return each("keys", request.getKeysList(), this::key);
  }

  Command put(PutRequest request) {
    known(request);
    return new Command.Put(key("key", request.getKey()), value("value", request.getValue()));
  }

  Command delete(DeleteRequest request) {
    known(request);
    return new Command.Delete(key("key", request.getKey()));
  }

  Command deleteRange(DeleteRangeRequest request) {
    known(request);
    return new Command.DeleteRange(range("range", request.getRange()));
  }

  KeyRange scan(ScanRequest request) {
    known(request);
    if (request.getLimit() < 0) {
      throw Failure.invalid("limit is zero (all) or more, not " + request.getLimit());
    }
    return range("range", request.getRange());
  }

  Command transact(TransactRequest request) {
    known(request);
    int steps = request.getConditionsCount() + request.getThenCount() + request.getOtherwiseCount();
    if (steps > limits.transactionStepsMax()) {
      throw Failure.tooLarge("the transaction", steps, limits.transactionStepsMax(), "steps");
    }
    return new Command.Transaction(
        each("conditions", request.getConditionsList(), this::condition),
        each("then", request.getThenList(), this::operation),
        each("otherwise", request.getOtherwiseList(), this::operation));
  }

  ReadConsistency consistency(Consistency consistency) {
    known(consistency);
    return switch (consistency.getLevelCase()) {
      case LINEARIZABLE -> {
        known(consistency.getLinearizable());
        yield ReadConsistency.LINEARIZABLE;
      }
      case AT_LEAST -> {
        known(consistency.getAtLeast());
        long revision = consistency.getAtLeast().getRevision();
        if (revision < 0) {
          throw Failure.invalid("consistency.at_least.revision is negative: " + revision);
        }
        yield new ReadConsistency.AtLeast(revision);
      }
      case LOCAL -> {
        known(consistency.getLocal());
        yield ReadConsistency.LOCAL;
      }
      case LEVEL_NOT_SET -> ReadConsistency.LINEARIZABLE;
    };
  }

  Optional<RequestId> requestId(boolean present, io.tidemark.api.v1.RequestId id) {
    if (!present) {
      return Optional.empty();
    }
    known(id);
    if (id.getSession() < 1) {
      throw Failure.invalid("request_id.session is 1 or more, not " + id.getSession());
    }
    if (id.getSequence() < 1) {
      throw Failure.invalid("request_id.sequence is 1 or more, not " + id.getSequence());
    }
    return Optional.of(new RequestId(id.getSession(), id.getSequence()));
  }

  /// Refuses a message with fields that are not in this server's contract.
  static void known(Message message) {
    var unknown = message.getUnknownFields().asMap();
    if (!unknown.isEmpty()) {
      throw Failure.invalid(
          message.getDescriptorForType().getName()
              + " has the field "
              + unknown.keySet().iterator().next()
              + ", which this server does not know: it is older than the client");
    }
  }

  private Condition condition(String field, io.tidemark.api.v1.Condition condition) {
    known(condition);
    Condition.Test test =
        switch (condition.getTestCase()) {
          case EXISTS -> condition.getExists() ? new Condition.Exists() : new Condition.Missing();
          case VALUE -> valueTest(field + ".value", condition.getValue());
          case CREATE_REVISION ->
              numberTest(
                  field + ".create_revision",
                  Condition.Field.CREATE_REVISION,
                  condition.getCreateRevision());
          case MODIFY_REVISION ->
              numberTest(
                  field + ".modify_revision",
                  Condition.Field.MODIFY_REVISION,
                  condition.getModifyRevision());
          case VERSION ->
              numberTest(field + ".version", Condition.Field.VERSION, condition.getVersion());
          case TEST_NOT_SET -> throw Failure.invalid(field + " has no test");
        };
    return new Condition(key(field + ".key", condition.getKey()), test);
  }

  private Condition.Test valueTest(String field, ValueTest test) {
    known(test);
    return new Condition.ValueIs(
        comparison(field, test.getComparison()), value(field + ".operand", test.getOperand()));
  }

  private static Condition.Test numberTest(String field, Condition.Field of, NumberTest test) {
    known(test);
    if (test.getOperand() < 0) {
      throw Failure.invalid(field + ".operand is zero or more, not " + test.getOperand());
    }
    return new Condition.NumberIs(of, comparison(field, test.getComparison()), test.getOperand());
  }

  private static Condition.Comparison comparison(
      String field, io.tidemark.api.v1.Comparison comparison) {
    return switch (comparison) {
      case COMPARISON_EQUAL -> Condition.Comparison.EQUAL;
      case COMPARISON_NOT_EQUAL -> Condition.Comparison.NOT_EQUAL;
      case COMPARISON_LESS -> Condition.Comparison.LESS;
      case COMPARISON_GREATER -> Condition.Comparison.GREATER;
      case COMPARISON_UNSPECIFIED -> throw Failure.invalid(field + ".comparison is not specified");
      case UNRECOGNIZED ->
          throw Failure.invalid(field + ".comparison is one that this server does not know");
    };
  }

  private Operation operation(String field, io.tidemark.api.v1.Operation operation) {
    known(operation);
    return switch (operation.getOperationCase()) {
      case PUT -> {
        known(operation.getPut());
        yield new Operation.Put(
            key(field + ".put.key", operation.getPut().getKey()),
            value(field + ".put.value", operation.getPut().getValue()));
      }
      case DELETE -> {
        known(operation.getDelete());
        yield new Operation.Delete(key(field + ".delete.key", operation.getDelete().getKey()));
      }
      case DELETE_RANGE -> {
        known(operation.getDeleteRange());
        yield new Operation.DeleteRange(
            range(field + ".delete_range.range", operation.getDeleteRange().getRange()));
      }
      case GET -> {
        known(operation.getGet());
        yield new Operation.Get(key(field + ".get.key", operation.getGet().getKey()));
      }
      case OPERATION_NOT_SET -> throw Failure.invalid(field + " has no operation");
    };
  }

  private KeyRange range(String field, io.tidemark.api.v1.KeyRange range) {
    known(range);
    return switch (range.getRangeCase()) {
      case KEY -> KeyRange.key(key(field + ".key", range.getKey()));
      case PREFIX -> KeyRange.prefix(bound(field + ".prefix", range.getPrefix()));
      case INTERVAL -> interval(field + ".interval", range.getInterval());
      case RANGE_NOT_SET ->
          throw Failure.invalid(
              field + " is not set: give a key, a prefix (empty for every key) or an interval");
    };
  }

  private KeyRange interval(String field, Interval interval) {
    known(interval);
    return new KeyRange(
        end(field + ".from", interval.getFrom()),
        interval.hasTo() ? Optional.of(end(field + ".to", interval.getTo())) : Optional.empty());
  }

  private Bytes key(String field, ByteString key) {
    if (key.isEmpty()) {
      throw Failure.invalid(field + " is empty; a key has at least one byte");
    }
    return bound(field, key);
  }

  private Bytes bound(String field, ByteString key) {
    return atMost(limits.keyBytesMax(), field, key);
  }

  // An interval may begin or end just after the largest key: what follows a key is a byte longer.
  private Bytes end(String field, ByteString key) {
    return atMost(limits.keyBytesMax() + 1, field, key);
  }

  private Bytes value(String field, ByteString value) {
    return atMost(limits.valueBytesMax(), field, value);
  }

  private static Bytes atMost(int bytesMax, String field, ByteString bytes) {
    if (bytes.size() > bytesMax) {
      throw Failure.tooLarge(field, bytes.size(), bytesMax, "bytes");
    }
    return Bytes.wrap(bytes.toByteArray());
  }

  private static <F, T> List<T> each(
      String field, List<F> values, BiFunction<String, F, T> convert) {
    var converted = new ArrayList<T>(values.size());
    for (int i = 0; i < values.size(); i++) {
      converted.add(convert.apply(field + "[" + i + "]", values.get(i)));
    }
    return converted;
  }
}
