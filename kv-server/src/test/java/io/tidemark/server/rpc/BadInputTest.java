package io.tidemark.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.Status;
import io.tidemark.api.v1.AtLeast;
import io.tidemark.api.v1.BatchGetRequest;
import io.tidemark.api.v1.Comparison;
import io.tidemark.api.v1.Condition;
import io.tidemark.api.v1.Consistency;
import io.tidemark.api.v1.DeleteOperation;
import io.tidemark.api.v1.DeleteRangeRequest;
import io.tidemark.api.v1.DeleteRequest;
import io.tidemark.api.v1.GetRequest;
import io.tidemark.api.v1.GetServerInfoRequest;
import io.tidemark.api.v1.Interval;
import io.tidemark.api.v1.KeyRange;
import io.tidemark.api.v1.KeyValueGrpc.KeyValueBlockingStub;
import io.tidemark.api.v1.NumberTest;
import io.tidemark.api.v1.Operation;
import io.tidemark.api.v1.PutOperation;
import io.tidemark.api.v1.PutRequest;
import io.tidemark.api.v1.RequestId;
import io.tidemark.api.v1.ScanRequest;
import io.tidemark.api.v1.TransactRequest;
import io.tidemark.api.v1.ValueTest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Requests that break a rule: each is refused with a message that names the field and the limit,
/// and nothing reaches the replica.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
  private static final ByteString KEY = Rig.bytes("k");
  private static final UnknownFieldSet UNKNOWN =
      UnknownFieldSet.newBuilder()
          .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
          .build();

  private final Rig rig = new Rig();
  private final KeyValueBlockingStub client = rig.client();

  record Case(String message, String reason, Consumer<KeyValueBlockingStub> call) {
    @Override
    public String toString() {
      return message;
    }
  }

  @AfterAll
  void close() {
    rig.close();
  }

  @ParameterizedTest
  @MethodSource({"keys", "reads", "ranges", "writes", "transactions", "unknownFields"})
  void isRefused(Case wrong) {
    var error = ErrorsTest.error(() -> wrong.call.accept(client));

    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(error.getStatus().getDescription()).contains(wrong.message);
    assertThat(Rig.info(error).getReason()).isEqualTo(wrong.reason);
    assertThat(Rig.info(error).getMetadataMap()).containsEntry("retry", "never");
    assertThat(rig.replica.commands).isEmpty();
    assertThat(rig.replica.consistencies).isEmpty();
  }

  static List<Case> keys() {
    String empty = "key is empty; a key has at least one byte";
    String large = "key has 101 bytes; the limit is 100 bytes";
    ByteString oversized = Rig.bytes("x".repeat(101));
    var cases = new ArrayList<Case>();
    for (var each : List.of(List.of(ByteString.EMPTY, empty), List.of(oversized, large))) {
      var key = (ByteString) each.getFirst();
      var message = (String) each.getLast();
      String reason = key.isEmpty() ? "INVALID_REQUEST" : "TOO_LARGE";
      cases.add(new Case(message, reason, c -> c.get(get().setKey(key).build())));
      cases.add(new Case(message, reason, c -> c.put(PutRequest.newBuilder().setKey(key).build())));
      cases.add(
          new Case(message, reason, c -> c.delete(DeleteRequest.newBuilder().setKey(key).build())));
      cases.add(
          new Case(
              message.replaceFirst("key ", "keys[1] "),
              reason,
              c -> c.batchGet(BatchGetRequest.newBuilder().addKeys(KEY).addKeys(key).build())));
      cases.add(new Case("range." + message, reason, scan(KeyRange.newBuilder().setKey(key))));
    }
    return cases;
  }

  static List<Case> reads() {
    var keys = BatchGetRequest.newBuilder();
    for (int i = 0; i < 6; i++) {
      keys.addKeys(KEY);
    }
    return List.of(
        new Case(
            "keys has 6 keys; the limit is 5 keys", "TOO_LARGE", c -> c.batchGet(keys.build())),
        invalid(
            "consistency.at_least.revision is negative: -1",
            c -> c.get(get().setConsistency(atLeast(-1)).build())),
        invalid(
            "limit is zero (all) or more, not -5",
            c -> c.scan(ScanTest.all().toBuilder().setLimit(-5).build()).next()));
  }

  static List<Case> ranges() {
    ByteString oversized = Rig.bytes("x".repeat(101));
    ByteString beyond = Rig.bytes("x".repeat(102));
    return List.of(
        invalid("range is not set", scan(KeyRange.newBuilder())),
        invalid("range is not set", c -> c.deleteRange(DeleteRangeRequest.getDefaultInstance())),
        new Case(
            "range.prefix has 101 bytes",
            "TOO_LARGE",
            scan(KeyRange.newBuilder().setPrefix(oversized))),
        new Case(
            "range.interval.from has 102 bytes",
            "TOO_LARGE",
            scan(KeyRange.newBuilder().setInterval(Interval.newBuilder().setFrom(beyond)))),
        new Case(
            "range.interval.to has 102 bytes",
            "TOO_LARGE",
            scan(KeyRange.newBuilder().setInterval(Interval.newBuilder().setTo(beyond)))));
  }

  static List<Case> writes() {
    return List.of(
        new Case(
            "value has 40001 bytes; the limit is 40000 bytes",
            "TOO_LARGE",
            c ->
                c.put(
                    PutRequest.newBuilder()
                        .setKey(KEY)
                        .setValue(ByteString.copyFrom(new byte[40_001]))
                        .build())),
        invalid("request_id.session is 1 or more, not 0", id(0, 1)),
        invalid("request_id.session is 1 or more, not -3", id(-3, 1)),
        invalid("request_id.sequence is 1 or more, not 0", id(1, 0)));
  }

  static List<Case> transactions() {
    var five = TransactRequest.newBuilder();
    for (int i = 0; i < 5; i++) {
      five.addThen(Operation.newBuilder().setDelete(DeleteOperation.newBuilder().setKey(KEY)));
    }
    return List.of(
        new Case(
            "the transaction has 5 steps; the limit is 4 steps",
            "TOO_LARGE",
            c -> c.transact(five.build())),
        invalid("conditions[0] has no test", condition(Condition.newBuilder().setKey(KEY))),
        invalid("conditions[0].key is empty", condition(Condition.newBuilder().setExists(true))),
        invalid(
            "conditions[0].value.comparison is not specified",
            condition(Condition.newBuilder().setKey(KEY).setValue(ValueTest.newBuilder()))),
        invalid(
            "conditions[0].version.comparison is one that this server does not know",
            condition(
                Condition.newBuilder()
                    .setKey(KEY)
                    .setVersion(NumberTest.newBuilder().setComparisonValue(77)))),
        invalid(
            "conditions[0].modify_revision.operand is zero or more, not -1",
            condition(
                Condition.newBuilder()
                    .setKey(KEY)
                    .setModifyRevision(
                        NumberTest.newBuilder()
                            .setComparison(Comparison.COMPARISON_EQUAL)
                            .setOperand(-1)))),
        invalid("then[0] has no operation", then(Operation.newBuilder())),
        invalid(
            "then[0].put.key is empty",
            then(Operation.newBuilder().setPut(PutOperation.newBuilder()))));
  }

  static List<Case> unknownFields() {
    return List.of(
        invalid(
            "Consistency has the field 99",
            c ->
                c.get(
                    get()
                        .setConsistency(Consistency.newBuilder().setUnknownFields(UNKNOWN))
                        .build())),
        invalid("GetRequest has the field 99", c -> c.get(get().setUnknownFields(UNKNOWN).build())),
        invalid(
            "PutRequest has the field 99",
            c -> c.put(PutRequest.newBuilder().setKey(KEY).setUnknownFields(UNKNOWN).build())),
        invalid(
            "Condition has the field 99",
            condition(
                Condition.newBuilder().setKey(KEY).setExists(true).setUnknownFields(UNKNOWN))),
        invalid(
            "Operation has the field 99", then(Operation.newBuilder().setUnknownFields(UNKNOWN))),
        invalid("KeyRange has the field 99", scan(KeyRange.newBuilder().setUnknownFields(UNKNOWN))),
        invalid(
            "GetServerInfoRequest has the field 99",
            c ->
                c.getServerInfo(
                    GetServerInfoRequest.newBuilder().setUnknownFields(UNKNOWN).build())));
  }

  private static Case invalid(String message, Consumer<KeyValueBlockingStub> call) {
    return new Case(message, "INVALID_REQUEST", call);
  }

  private static GetRequest.Builder get() {
    return GetRequest.newBuilder().setKey(KEY);
  }

  private static Consistency atLeast(long revision) {
    return Consistency.newBuilder().setAtLeast(AtLeast.newBuilder().setRevision(revision)).build();
  }

  private static Consumer<KeyValueBlockingStub> scan(KeyRange.Builder range) {
    return client -> client.scan(ScanRequest.newBuilder().setRange(range).build()).next();
  }

  private static Consumer<KeyValueBlockingStub> id(long session, long sequence) {
    var id = RequestId.newBuilder().setSession(session).setSequence(sequence);
    return client -> client.put(PutRequest.newBuilder().setKey(KEY).setRequestId(id).build());
  }

  private static Consumer<KeyValueBlockingStub> condition(Condition.Builder condition) {
    return client -> client.transact(TransactRequest.newBuilder().addConditions(condition).build());
  }

  private static Consumer<KeyValueBlockingStub> then(Operation.Builder operation) {
    return client -> client.transact(TransactRequest.newBuilder().addThen(operation).build());
  }
}
