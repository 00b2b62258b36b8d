package io.tidemark.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RowsTest {
  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void theBytesOfEveryRowStayWhatTheyAre() {
    assertThat(hex(Rows.APPLIED_KEY.toArray())).isEqualTo("0061");
    assertThat(hex(Rows.FORMAT_KEY.toArray())).isEqualTo("0066");
    assertThat(hex(Rows.LOG_ID_KEY.toArray())).isEqualTo("006c");
    assertThat(hex(Rows.MARK_KEY.toArray())).isEqualTo("006d");
    assertThat(hex(Rows.progressRow(new Progress(0x0102, 3, 4))))
        .isEqualTo("0000000000000102" + "0000000000000003" + "0000000000000004");
    assertThat(hex(Rows.markRow(new Mark(5, 6, 7))))
        .isEqualTo("0000000000000005" + "0000000000000006" + "0000000000000007");
    assertThat(hex(Rows.longs(0x0102, 3))).isEqualTo("00000000000001020000000000000003");
    assertThat(hex(Rows.sessionKey(0x1234).toArray())).isEqualTo("010000000000001234");
    assertThat(hex(Rows.slotKey(0x1234, 0x03ff).toArray())).isEqualTo("01000000000000123403ff");
    assertThat(hex(Rows.slotRow(1, 2, new byte[] {9})))
        .isEqualTo("0000000000000001" + "0000000000000002" + "09");
    assertThat(hex(Rows.userKey(Bytes.utf8("k")).toArray())).isEqualTo("026b");
    assertThat(hex(Rows.userRow(1, 300, 2, Bytes.utf8("v")))).isEqualTo("0101ac020276");
  }

  @Test
  void numbersOfAnySizeAreReadAsTheyWereWritten() {
    for (long number = 0; number >= 0; number = number * 2 + 1) {
      byte[] row = Rows.userRow(number, Long.MAX_VALUE, number / 2, Bytes.EMPTY);
      assertThat(row.length).isLessThanOrEqualTo(Rows.HEAD_LENGTH_MAX);
      assertThat(Rows.head(row))
          .isEqualTo(new Rows.Head(number, Long.MAX_VALUE, number / 2, row.length));
      if (number == Long.MAX_VALUE) {
        return;
      }
    }
  }

  @Test
  void keysAreInTheOrderOfTheirUsersAndRangesEndWhereTheyShould() {
    assertThat(Rows.userKey(Bytes.EMPTY)).isLessThan(Rows.userKey(Bytes.wrap(new byte[] {0})));
    Bytes last = Rows.userKey(Bytes.wrap(new byte[] {-1, -1, -1}));
    assertThat(Rows.rangeEnd(KeyRange.ALL)).isGreaterThan(last);
    assertThat(Rows.rangeEnd(KeyRange.prefix(Bytes.wrap(new byte[] {-1})))).isGreaterThan(last);
    assertThat(Rows.SESSIONS_END).isLessThanOrEqualTo(Rows.userKey(Bytes.EMPTY));
  }
}
