package io.tidemark.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.tidemark.api.v1.AtLeast;
import io.tidemark.api.v1.CheckpointStatus;
import io.tidemark.api.v1.DeleteOperation;
import io.tidemark.api.v1.DeleteRangeOperation;
import io.tidemark.api.v1.GetOperation;
import io.tidemark.api.v1.GetServerInfoResponse;
import io.tidemark.api.v1.Interval;
import io.tidemark.api.v1.KeyValuePair;
import io.tidemark.api.v1.Linearizable;
import io.tidemark.api.v1.Local;
import io.tidemark.api.v1.LogCost;
import io.tidemark.api.v1.LogRequests;
import io.tidemark.api.v1.NumberTest;
import io.tidemark.api.v1.PutOperation;
import io.tidemark.api.v1.RequestId;
import io.tidemark.api.v1.Spending;
import io.tidemark.api.v1.TransactRequest;
import io.tidemark.api.v1.TransactResponse;
import io.tidemark.api.v1.ValueTest;
import io.tidemark.base.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Between the client's types and the messages of `kv.v1`. Bytes are wrapped, not copied, where
/// they are on their way out.
final class Wire {
  private Wire() {}

  static ByteString bytes(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.unsafeArray());
  }

  static Bytes bytes(ByteString bytes) {
    return Bytes.wrap(bytes.toByteArray());
  }

  static KeyValue keyValue(KeyValuePair pair) {
    return new KeyValue(
        bytes(pair.getKey()),
        bytes(pair.getValue()),
        pair.getCreateRevision(),
        pair.getModifyRevision(),
        pair.getVersion());
  }

  static List<KeyValue> keyValues(List<KeyValuePair> pairs) {
    return pairs.stream().map(Wire::keyValue).toList();
  }

  static io.tidemark.api.v1.KeyRange range(KeyRange range) {
    var message = io.tidemark.api.v1.KeyRange.newBuilder();
    if (range instanceof KeyRange.Key one) {
      message.setKey(bytes(one.key()));
    } else if (range instanceof KeyRange.Prefix all) {
      message.setPrefix(bytes(all.prefix()));
    } else if (range instanceof KeyRange.Interval interval) {
      var ends = Interval.newBuilder().setFrom(bytes(interval.from()));
      interval.to().ifPresent(to -> ends.setTo(bytes(to)));
      message.setInterval(ends);
    }
    return message.build();
  }

  /// @param seen the highest revision this client has seen
  static io.tidemark.api.v1.Consistency consistency(Consistency level, long seen) {
    var message = io.tidemark.api.v1.Consistency.newBuilder();
    if (level instanceof Consistency.Linearizable) {
      message.setLinearizable(Linearizable.getDefaultInstance());
    } else if (level instanceof Consistency.AtLeast atLeast) {
      message.setAtLeast(AtLeast.newBuilder().setRevision(atLeast.revision()));
    } else if (level instanceof Consistency.Local) {
      message.setLocal(Local.getDefaultInstance());
    } else if (level instanceof Consistency.ReadYourWrites) {
      message.setAtLeast(AtLeast.newBuilder().setRevision(seen));
    }
    return message.build();
  }

  static io.tidemark.api.v1.ScanRequest scan(ScanRequest request, long seen) {
    return io.tidemark.api.v1.ScanRequest.newBuilder()
        .setRange(range(request.range()))
        .setLimit(request.limit())
        .setReverse(request.reverse())
        .setKeysOnly(request.keysOnly())
        .setConsistency(consistency(request.consistency(), seen))
        .build();
  }

  static TransactRequest transaction(Transaction transaction, RequestId id) {
    var message = TransactRequest.newBuilder().setRequestId(id);
    transaction.conditions().forEach(condition -> message.addConditions(condition(condition)));
    transaction.then().forEach(operation -> message.addThen(operation(operation)));
    transaction.otherwise().forEach(operation -> message.addOtherwise(operation(operation)));
    return message.build();
  }

  private static io.tidemark.api.v1.Condition condition(Condition condition) {
    var message = io.tidemark.api.v1.Condition.newBuilder().setKey(bytes(condition.key()));
    if (condition.test() instanceof Condition.Exists exists) {
      message.setExists(exists.expected());
    } else if (condition.test() instanceof Condition.ValueIs value) {
      message.setValue(
          ValueTest.newBuilder()
              .setComparison(comparison(value.comparison()))
              .setOperand(bytes(value.operand())));
    } else if (condition.test() instanceof Condition.NumberIs number) {
      var test =
          NumberTest.newBuilder()
              .setComparison(comparison(number.comparison()))
              .setOperand(number.operand());
      switch (number.field()) {
        case CREATE_REVISION -> message.setCreateRevision(test);
        case MODIFY_REVISION -> message.setModifyRevision(test);
        case VERSION -> message.setVersion(test);
      }
    }
    return message.build();
  }

  private static io.tidemark.api.v1.Comparison comparison(Condition.Comparison comparison) {
    return switch (comparison) {
      case EQUAL -> io.tidemark.api.v1.Comparison.COMPARISON_EQUAL;
      case NOT_EQUAL -> io.tidemark.api.v1.Comparison.COMPARISON_NOT_EQUAL;
      case LESS -> io.tidemark.api.v1.Comparison.COMPARISON_LESS;
      case GREATER -> io.tidemark.api.v1.Comparison.COMPARISON_GREATER;
    };
  }

  private static io.tidemark.api.v1.Operation operation(Operation operation) {
    var message = io.tidemark.api.v1.Operation.newBuilder();
    if (operation instanceof Operation.Put put) {
      message.setPut(
          PutOperation.newBuilder().setKey(bytes(put.key())).setValue(bytes(put.value())));
    } else if (operation instanceof Operation.Delete delete) {
      message.setDelete(DeleteOperation.newBuilder().setKey(bytes(delete.key())));
    } else if (operation instanceof Operation.DeleteRange delete) {
      message.setDeleteRange(DeleteRangeOperation.newBuilder().setRange(range(delete.range())));
    } else if (operation instanceof Operation.Get get) {
      message.setGet(GetOperation.newBuilder().setKey(bytes(get.key())));
    }
    return message.build();
  }

  static TransactResult transactResult(TransactResponse response) {
    return new TransactResult(
        response.getRevision(),
        response.getSucceeded(),
        response.getAnswersList().stream().map(Wire::answer).toList());
  }

  private static Answer answer(io.tidemark.api.v1.Answer answer) {
    return switch (answer.getAnswerCase()) {
      case PUT -> new Answer.Written();
      case DELETE -> new Answer.Deleted(answer.getDelete().getDeletedCount());
      case GET ->
          new Answer.Found(
              answer.getGet().hasPair()
                  ? Optional.of(keyValue(answer.getGet().getPair()))
                  : Optional.empty());
      case ANSWER_NOT_SET -> throw new IllegalArgumentException("an answer of an unknown kind");
    };
  }

  static ServerInfo serverInfo(GetServerInfoResponse response, String endpoint) {
    var limits = response.getLimits();
    var log = response.getLog();
    return new ServerInfo(
        endpoint,
        response.getVersion(),
        new ServerInfo.Limits(
            limits.getKeyBytesMax(),
            limits.getValueBytesMax(),
            limits.getRequestBytesMax(),
            limits.getBatchKeysMax(),
            limits.getTransactionStepsMax(),
            limits.getSessionWindow(),
            limits.getSessionsMax()),
        new ServerInfo.LogStatus(
            log.getAddress(),
            log.getId(),
            log.hasTail() ? OptionalLong.of(log.getTail()) : OptionalLong.empty(),
            unlessEmpty(log.getUnavailableBecause()),
            log.hasCost() ? Optional.of(cost(log.getCost())) : Optional.empty()),
        response.getRevision(),
        unlessEmpty(response.getStoppedBecause()),
        response.hasCheckpoints()
            ? Optional.of(checkpoints(response.getCheckpoints()))
            : Optional.empty());
  }

  private static ServerInfo.CheckpointStatus checkpoints(CheckpointStatus status) {
    return new ServerInfo.CheckpointStatus(
        status.getDoing(),
        status.hasLastRevision()
            ? Optional.of(
                new ServerInfo.Checkpoint(
                    status.getLastRevision(),
                    status.getLastLogTimeMillis(),
                    status.getLastBytes(),
                    status.getLastNewBytes()))
            : Optional.empty(),
        status.hasVerifiedRevision()
            ? OptionalLong.of(status.getVerifiedRevision())
            : OptionalLong.empty(),
        status.hasTrimPoint() ? OptionalLong.of(status.getTrimPoint()) : OptionalLong.empty(),
        status.getLogBytesSinceMark(),
        status.getMade(),
        status.getVerified(),
        status.getInstalled(),
        status.getFailures(),
        status.getLastFailure());
  }

  private static ServerInfo.LogCost cost(LogCost cost) {
    return new ServerInfo.LogCost(
        cost.getRequestsList().stream().map(Wire::requests).toList(),
        spending(cost.getSinceStart()),
        spending(cost.getLately()),
        cost.hasBudgetDollarsPerHour()
            ? OptionalDouble.of(cost.getBudgetDollarsPerHour())
            : OptionalDouble.empty());
  }

  private static ServerInfo.LogRequests requests(LogRequests requests) {
    return new ServerInfo.LogRequests(
        requests.getKind(),
        requests.getPurpose(),
        requests.getRequests(),
        requests.getMissed(),
        requests.getFailed(),
        requests.getThrottled(),
        requests.getBytesSent(),
        requests.getBytesReceived(),
        requests.getDollars());
  }

  private static ServerInfo.Spending spending(Spending spending) {
    return new ServerInfo.Spending(
        spending.getSeconds(),
        spending.getDollars(),
        spending.getWrites(),
        spending.getWriteDollars(),
        spending.getStrongReads(),
        spending.getReadDollars());
  }

  private static Optional<String> unlessEmpty(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }
}
