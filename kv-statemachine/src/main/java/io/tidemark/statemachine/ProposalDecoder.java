package io.tidemark.statemachine;

import io.tidemark.statemachine.wire.ProposalRecord;
import java.util.Optional;

/// From messages to proposals; the opposite of [ProposalEncoder]. Nothing is skipped: what is not
/// known, or is not there and has to be, is refused.
final class ProposalDecoder {
  private ProposalDecoder() {}

  static Proposal decode(ProposalRecord record) {
    Wire.known(record);
    return new Proposal(
        record.getProposer(),
        record.getOrdinal(),
        record.hasRequestId() ? Optional.of(requestId(record.getRequestId())) : Optional.empty(),
        record.getWallMillis(),
        command(record));
  }

  private static RequestId requestId(io.tidemark.statemachine.wire.RequestId id) {
    Wire.known(id);
    if (id.getSession() <= 0 || id.getSequence() <= 0) {
      throw new MalformedRecordException(
          "a request id of session " + id.getSession() + " and sequence " + id.getSequence());
    }
    return new RequestId(id.getSession(), id.getSequence());
  }

  private static Command command(ProposalRecord record) {
    return switch (record.getCommandCase()) {
      case OPEN_SESSION -> {
        Wire.known(record.getOpenSession());
        yield new Command.OpenSession();
      }
      case PUT -> {
        var put = Wire.known(record.getPut());
        yield new Command.Put(Wire.copy(put.getKey()), Wire.copy(put.getValue()));
      }
      case DELETE -> new Command.Delete(Wire.copy(Wire.known(record.getDelete()).getKey()));
      case DELETE_RANGE -> new Command.DeleteRange(range(record.getDeleteRange()));
      case TRANSACTION -> {
        var transaction = Wire.known(record.getTransaction());
        yield new Command.Transaction(
            transaction.getConditionsList().stream().map(ProposalDecoder::condition).toList(),
            transaction.getThenList().stream().map(ProposalDecoder::operation).toList(),
            transaction.getOtherwiseList().stream().map(ProposalDecoder::operation).toList());
      }
      case MARK -> {
        long previous = Wire.known(record.getMark()).getPrevious();
        if (previous < 0) {
          throw new MalformedRecordException("a mark after a mark at " + previous);
        }
        yield new Command.Mark(previous);
      }
      case COMMAND_NOT_SET -> throw new MalformedRecordException("it has no command");
    };
  }

  private static Condition condition(io.tidemark.statemachine.wire.Condition condition) {
    Wire.known(condition);
    Condition.Test test =
        switch (condition.getTestCase()) {
          case EXISTS -> {
            Wire.known(condition.getExists());
            yield new Condition.Exists();
          }
          case MISSING -> {
            Wire.known(condition.getMissing());
            yield new Condition.Missing();
          }
          case VALUE_IS -> {
            var valueIs = Wire.known(condition.getValueIs());
            yield new Condition.ValueIs(
                comparison(valueIs.getComparison(), valueIs.getComparisonValue()),
                Wire.copy(valueIs.getOperand()));
          }
          case NUMBER_IS -> {
            var numberIs = Wire.known(condition.getNumberIs());
            yield new Condition.NumberIs(
                field(numberIs.getField(), numberIs.getFieldValue()),
                comparison(numberIs.getComparison(), numberIs.getComparisonValue()),
                numberIs.getOperand());
          }
          case TEST_NOT_SET -> throw new MalformedRecordException("a condition has no test");
        };
    return new Condition(Wire.copy(condition.getKey()), test);
  }

  private static Condition.Comparison comparison(
      io.tidemark.statemachine.wire.Comparison comparison, int number) {
    return switch (comparison) {
      case COMPARISON_EQUAL -> Condition.Comparison.EQUAL;
      case COMPARISON_NOT_EQUAL -> Condition.Comparison.NOT_EQUAL;
      case COMPARISON_LESS -> Condition.Comparison.LESS;
      case COMPARISON_GREATER -> Condition.Comparison.GREATER;
      case COMPARISON_UNSPECIFIED ->
          throw new MalformedRecordException("a condition has no comparison");
      case UNRECOGNIZED -> throw new UpgradeRequiredException("comparison " + number);
    };
  }

  private static Condition.Field field(io.tidemark.statemachine.wire.Field field, int number) {
    return switch (field) {
      case FIELD_CREATE_REVISION -> Condition.Field.CREATE_REVISION;
      case FIELD_MODIFY_REVISION -> Condition.Field.MODIFY_REVISION;
      case FIELD_VERSION -> Condition.Field.VERSION;
      case FIELD_UNSPECIFIED -> throw new MalformedRecordException("a condition has no field");
      case UNRECOGNIZED -> throw new UpgradeRequiredException("the number " + number + " of a key");
    };
  }

  private static Operation operation(io.tidemark.statemachine.wire.Operation operation) {
    Wire.known(operation);
    return switch (operation.getOperationCase()) {
      case PUT -> {
        var put = Wire.known(operation.getPut());
        yield new Operation.Put(Wire.copy(put.getKey()), Wire.copy(put.getValue()));
      }
      case DELETE -> new Operation.Delete(Wire.copy(Wire.known(operation.getDelete()).getKey()));
      case DELETE_RANGE -> new Operation.DeleteRange(range(operation.getDeleteRange()));
      case GET -> new Operation.Get(Wire.copy(Wire.known(operation.getGet()).getKey()));
      case OPERATION_NOT_SET -> throw new MalformedRecordException("an operation is empty");
    };
  }

  private static KeyRange range(io.tidemark.statemachine.wire.DeleteRange deleteRange) {
    Wire.known(deleteRange);
    if (!deleteRange.hasRange()) {
      throw new MalformedRecordException("a range to delete is missing");
    }
    var range = Wire.known(deleteRange.getRange());
    return new KeyRange(
        Wire.copy(range.getFrom()),
        range.hasTo() ? Optional.of(Wire.copy(range.getTo())) : Optional.empty());
  }
}
