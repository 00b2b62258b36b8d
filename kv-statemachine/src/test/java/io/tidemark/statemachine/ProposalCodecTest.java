package io.tidemark.statemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.tidemark.base.Bytes;
import io.tidemark.statemachine.wire.ProposalRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProposalCodecTest {
  private static final Bytes K = Bytes.utf8("k");
  private static final Bytes V = Bytes.utf8("v");

  private static Proposal proposal(Command command) {
    return new Proposal(
        0x0102030405060708L, 9, Optional.of(new RequestId(3, 4)), 1_700_000_000_000L, command);
  }

  private static Condition number(Condition.Field field, Condition.Comparison comparison) {
    return new Condition(K, new Condition.NumberIs(field, comparison, 7));
  }

  private static Condition value(Condition.Comparison comparison) {
    return new Condition(K, new Condition.ValueIs(comparison, V));
  }

  /// Every command, every case and every number: what was once written must be read for ever.
  static Stream<Arguments> golden() {
    String head = "090807060504030201" + "1009" + "1a0408031004" + "2080d095ffbc31";
    return Stream.of(
        Arguments.of(proposal(new Command.OpenSession()), head + "2a00"),
        Arguments.of(proposal(new Command.Put(K, V)), head + "32060a016b120176"),
        Arguments.of(proposal(new Command.Delete(K)), head + "3a030a016b"),
        Arguments.of(
            proposal(new Command.DeleteRange(KeyRange.of(K, V))), head + "42080a060a016b120176"),
        Arguments.of(
            proposal(new Command.DeleteRange(new KeyRange(K, Optional.empty()))),
            head + "42050a030a016b"),
        Arguments.of(
            proposal(
                new Command.Transaction(
                    List.of(
                        new Condition(K, new Condition.Exists()),
                        new Condition(K, new Condition.Missing()),
                        value(Condition.Comparison.EQUAL),
                        value(Condition.Comparison.NOT_EQUAL),
                        number(Condition.Field.CREATE_REVISION, Condition.Comparison.LESS),
                        number(Condition.Field.MODIFY_REVISION, Condition.Comparison.GREATER),
                        number(Condition.Field.VERSION, Condition.Comparison.EQUAL)),
                    List.of(new Operation.Put(K, V), new Operation.Get(K)),
                    List.of(
                        new Operation.Delete(K), new Operation.DeleteRange(KeyRange.prefix(K))))),
            head
                + "4a71"
                + "0a050a016b1200"
                + "0a050a016b1a00"
                + "0a0a0a016b22050801120176"
                + "0a0a0a016b22050802120176"
                + "0a0b0a016b2a06080110031807"
                + "0a0b0a016b2a06080210041807"
                + "0a0b0a016b2a06080310011807"
                + "12080a060a016b120176"
                + "120522030a016b"
                + "1a0512030a016b"
                + "1a0a1a080a060a016b12016c"),
        Arguments.of(proposal(new Command.Mark(7)), head + "52020807"),
        Arguments.of(
            new Proposal(-1, 1, Optional.empty(), 0, new Command.Put(Bytes.EMPTY, Bytes.EMPTY)),
            "09ffffffffffffffff10013200"));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void theBytesOfEveryCommandStayWhatTheyAre(Proposal proposal, String hex) {
    assertThat(HexFormat.of().formatHex(ProposalCodec.encode(proposal).unsafeArray()))
        .isEqualTo(hex);
    assertThat(ProposalCodec.decode(Bytes.wrap(HexFormat.of().parseHex(hex)))).isEqualTo(proposal);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whatIsEncodedIsDecoded(long seed) {
    var proposals = new RandomProposals(seed, 100);
    for (int i = 0; i < 2_000; i++) {
      Proposal proposal = proposals.next();
      proposals.answered(i + 1, new Result.SessionOpened(i + 1));
      Bytes record = ProposalCodec.encode(proposal);
      assertThat(ProposalCodec.decode(record)).as("seed %d", seed).isEqualTo(proposal);
      assertThat(ProposalCodec.encode(ProposalCodec.decode(record))).isEqualTo(record);
    }
  }

  @Test
  void aCommandOfTheFutureAsksForAnUpgrade() {
    var record =
        ProposalRecord.newBuilder().setOrdinal(1).setUnknownFields(field(15, "a command")).build();
    assertThatExceptionOfType(UpgradeRequiredException.class)
        .isThrownBy(() -> ProposalCodec.decode(Bytes.wrap(record.toByteArray())))
        .withMessageContaining("replica must be upgraded")
        .withMessageContaining("field 15 of tidemark.record.v1.ProposalRecord");
  }

  /// Plants a field of the future in each message of each record in turn.
  @ParameterizedTest
  @MethodSource("golden")
  void aFieldOfTheFutureAsksForAnUpgradeWhereverItIs(Proposal proposal, String hex)
      throws Exception {
    var record = ProposalRecord.parseFrom(HexFormat.of().parseHex(hex));
    List<Message> planted = withFieldPlantedAnywhere(record);
    assertThat(planted).isNotEmpty();
    for (Message message : planted) {
      assertThatThrownBy(() -> ProposalCodec.decode(Bytes.wrap(message.toByteArray())))
          .as("%s with a field planted: %s", proposal, message)
          .isInstanceOf(UpgradeRequiredException.class)
          .hasMessageContaining("field 1000 of tidemark.record.v1.");
    }
  }

  private static List<Message> withFieldPlantedAnywhere(Message message) {
    var planted = new ArrayList<Message>();
    planted.add(message.toBuilder().setUnknownFields(field(1000, "new")).build());
    message
        .getAllFields()
        .forEach((descriptor, value) -> {
          if (value instanceof Message nested) {
            for (Message changed : withFieldPlantedAnywhere(nested)) {
              planted.add(message.toBuilder().setField(descriptor, changed).build());
            }
          } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
              for (Message changed : withFieldPlantedAnywhere((Message) list.get(i))) {
                planted.add(message.toBuilder().setRepeatedField(descriptor, i, changed).build());
              }
            }
          }
        });
    return planted;
  }

  private static UnknownFieldSet field(int number, String content) {
    return UnknownFieldSet.newBuilder()
        .addField(
            number,
            UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFromUtf8(content))
                .build())
        .build();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4a0a" + "0a08" + "2a06" + "080110631807", // a comparison 99
        "4a0a" + "0a08" + "2a06" + "086310031807", // a field 99
        "4a08" + "0a06" + "2204" + "08631200", // a comparison 99 of values
      })
  void aNumberOfTheFutureAsksForAnUpgrade(String hex) {
    assertThatThrownBy(() -> ProposalCodec.decode(Bytes.wrap(HexFormat.of().parseHex(hex))))
        .isInstanceOf(UpgradeRequiredException.class)
        .hasMessageContaining("99");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // no command
        "1001", // no command
        "32", // ends within a tag
        "32060a016b1201", // ends within the value
        "3206ffffffffffff", // no message within the put
        "0a01", // a text where a number belongs, and it ends
        "07", // no such wire type
        "3200" + "0c", // an end of a group that never began
        "4200", // a range to delete is missing
        "1a00" + "3200", // a request id of zeros
        "1a0408ff011000" + "3200", // a sequence of zero
        "4a020a00", // a condition without a test
        "4a0212" + "00", // an operation without a case
        "4a080a062a040801" + "1807", // a number without a comparison
        "4a080a062a041003" + "1807", // a comparison of no number
      })
  void whatIsNoProposalIsMalformed(String hex) {
    assertThatThrownBy(() -> ProposalCodec.decode(Bytes.wrap(HexFormat.of().parseHex(hex))))
        .isInstanceOf(MalformedRecordException.class)
        .hasMessageContaining("malformed");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void damagedRecordsAreRefusedOrReadAsSomethingButNeverBreakTheDecoder(long seed) {
    var random = new SplittableRandom(seed);
    var proposals = new RandomProposals(seed, 30);
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] record = ProposalCodec.encode(proposals.next()).toArray();
      for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
        record[random.nextInt(record.length)] ^= (byte) (1 << random.nextInt(8));
      }
      byte[] damaged = Arrays.copyOf(record, random.nextInt(record.length + 3));
      try {
        ProposalCodec.decode(Bytes.wrap(damaged));
      } catch (RecordException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(2_000);
  }
}
