package io.tidemark.statemachine;

import io.tidemark.statemachine.wire.Delete;
import io.tidemark.statemachine.wire.DeleteRange;
import io.tidemark.statemachine.wire.Exists;
import io.tidemark.statemachine.wire.Get;
import io.tidemark.statemachine.wire.Missing;
import io.tidemark.statemachine.wire.NumberIs;
import io.tidemark.statemachine.wire.OpenSession;
import io.tidemark.statemachine.wire.ProposalRecord;
import io.tidemark.statemachine.wire.Put;
import io.tidemark.statemachine.wire.Transaction;
import io.tidemark.statemachine.wire.ValueIs;

/// From proposals to messages; the opposite of [ProposalDecoder].
final class ProposalEncoder {
  private ProposalEncoder() {}

  static ProposalRecord encode(Proposal proposal) {
    var record =
        ProposalRecord.newBuilder()
            .setProposer(proposal.proposer())
            .setOrdinal(proposal.ordinal())
            .setWallMillis(proposal.wallMillis());
    proposal
        .requestId()
        .ifPresent(
            id -> record.getRequestIdBuilder().setSession(id.session()).setSequence(id.sequence()));
    return switch (proposal.command()) {
      case Command.OpenSession() -> record.setOpenSession(OpenSession.getDefaultInstance()).build();
      case Command.Put(var key, var value) ->
          record.setPut(Put.newBuilder().setKey(Wire.wrap(key)).setValue(Wire.wrap(value))).build();
      case Command.Delete(var key) ->
          record.setDelete(Delete.newBuilder().setKey(Wire.wrap(key))).build();
      case Command.DeleteRange(var range) ->
          record.setDeleteRange(DeleteRange.newBuilder().setRange(range(range))).build();
      case Command.Transaction transaction -> record.setTransaction(encode(transaction)).build();
      case Command.Mark(var previous) ->
          record
              .setMark(io.tidemark.statemachine.wire.Mark.newBuilder().setPrevious(previous))
              .build();
    };
  }

  private static Transaction encode(Command.Transaction command) {
    var transaction = Transaction.newBuilder();
    command.conditions().forEach(condition -> transaction.addConditions(condition(condition)));
    command.then().forEach(operation -> transaction.addThen(operation(operation)));
    command.otherwise().forEach(operation -> transaction.addOtherwise(operation(operation)));
    return transaction.build();
  }

  private static io.tidemark.statemachine.wire.Condition condition(Condition condition) {
    var encoded =
        io.tidemark.statemachine.wire.Condition.newBuilder().setKey(Wire.wrap(condition.key()));
    return switch (condition.test()) {
      case Condition.Exists() -> encoded.setExists(Exists.getDefaultInstance()).build();
      case Condition.Missing() -> encoded.setMissing(Missing.getDefaultInstance()).build();
      case Condition.ValueIs(var comparison, var operand) ->
          encoded
              .setValueIs(
                  ValueIs.newBuilder()
                      .setComparison(comparison(comparison))
                      .setOperand(Wire.wrap(operand)))
              .build();
      case Condition.NumberIs(var field, var comparison, var operand) ->
          encoded
              .setNumberIs(
                  NumberIs.newBuilder()
                      .setField(field(field))
                      .setComparison(comparison(comparison))
                      .setOperand(operand))
              .build();
    };
  }

  private static io.tidemark.statemachine.wire.Comparison comparison(
      Condition.Comparison comparison) {
    return switch (comparison) {
      case EQUAL -> io.tidemark.statemachine.wire.Comparison.COMPARISON_EQUAL;
      case NOT_EQUAL -> io.tidemark.statemachine.wire.Comparison.COMPARISON_NOT_EQUAL;
      case LESS -> io.tidemark.statemachine.wire.Comparison.COMPARISON_LESS;
      case GREATER -> io.tidemark.statemachine.wire.Comparison.COMPARISON_GREATER;
    };
  }

  private static io.tidemark.statemachine.wire.Field field(Condition.Field field) {
    return switch (field) {
      case CREATE_REVISION -> io.tidemark.statemachine.wire.Field.FIELD_CREATE_REVISION;
      case MODIFY_REVISION -> io.tidemark.statemachine.wire.Field.FIELD_MODIFY_REVISION;
      case VERSION -> io.tidemark.statemachine.wire.Field.FIELD_VERSION;
    };
  }

  private static io.tidemark.statemachine.wire.Operation operation(Operation operation) {
    var encoded = io.tidemark.statemachine.wire.Operation.newBuilder();
    return switch (operation) {
      case Operation.Put(var key, var value) ->
          encoded
              .setPut(Put.newBuilder().setKey(Wire.wrap(key)).setValue(Wire.wrap(value)))
              .build();
      case Operation.Delete(var key) ->
          encoded.setDelete(Delete.newBuilder().setKey(Wire.wrap(key))).build();
      case Operation.DeleteRange(var range) ->
          encoded.setDeleteRange(DeleteRange.newBuilder().setRange(range(range))).build();
      case Operation.Get(var key) ->
          encoded.setGet(Get.newBuilder().setKey(Wire.wrap(key))).build();
    };
  }

  private static io.tidemark.statemachine.wire.KeyRange range(KeyRange range) {
    var encoded =
        io.tidemark.statemachine.wire.KeyRange.newBuilder().setFrom(Wire.wrap(range.from()));
    range.to().ifPresent(to -> encoded.setTo(Wire.wrap(to)));
    return encoded.build();
  }
}
