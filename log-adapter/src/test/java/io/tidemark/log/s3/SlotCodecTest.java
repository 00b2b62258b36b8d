package io.tidemark.log.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SlotCodecTest {
  private static final UUID LOG = new UUID(1, 2);

  private static Slot slot(Slot.Content content) {
    return new Slot(77, new UUID(3, 4), 9, 77, Bytes.utf8("token"), "host:1", content);
  }

  private static Slot.Content.Data data(int records, int bytes, long seed) {
    var random = new Random(seed);
    var all = new ArrayList<Bytes>();
    for (int i = 0; i < records; i++) {
      byte[] record = new byte[bytes == 0 ? 0 : random.nextInt(bytes)];
      random.nextBytes(record);
      all.add(Bytes.wrap(record));
    }
    return new Slot.Content.Data(all);
  }

  @Test
  void everySlotComesBackAsItWas() throws Exception {
    var contents =
        List.of(
            data(1, 0, 1),
            data(1, 5_000, 2),
            data(300, 40, 3),
            data(65_536, 3, 4),
            new Slot.Content.Data(List.of(Bytes.utf8("long ".repeat(10_000)))),
            new Slot.Content.Fence(Bytes.utf8("new")),
            new Slot.Content.Fence(Bytes.EMPTY),
            new Slot.Content.Seal());
    for (Slot.Content content : contents) {
      Slot slot = slot(content);
      assertThat(SlotCodec.decode(LOG, 77, SlotCodec.encode(LOG, slot))).isEqualTo(slot);
    }
    var chained = new Slot(77, new UUID(3, 4), 9, 14, Bytes.EMPTY, "", data(3, 10, 5));
    assertThat(SlotCodec.decode(LOG, 77, SlotCodec.encode(LOG, chained))).isEqualTo(chained);
  }

  @Test
  void largeBodiesAreCompressedWhereThatGains() {
    var text = new Slot.Content.Data(List.of(Bytes.utf8("compressible ".repeat(1_000))));
    assertThat(SlotCodec.encode(LOG, slot(text)).length()).isLessThan(1_000);
    assertThat(SlotCodec.encode(LOG, slot(data(1, 1 << 20, 1))).length())
        .isLessThan((int) SlotCodec.bodyBytes(data(1, 1 << 20, 1).records()) + 200);
  }

  @Test
  void noDamageGoesUnnoticed() {
    byte[] whole = SlotCodec.encode(LOG, slot(data(20, 100, 6))).toArray();
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> SlotCodec.decode(LOG, 77, Bytes.wrap(damaged)))
          .isInstanceOf(DamagedObjectException.class);
    }
    for (int length = 0; length < whole.length; length++) {
      var cut = Bytes.copyOf(ByteBuffer.wrap(whole, 0, length));
      assertThatThrownBy(() -> SlotCodec.decode(LOG, 77, cut))
          .isInstanceOf(DamagedObjectException.class);
    }
  }

  @Test
  void aChecksummedSlotThatMakesNoSenseIsRefusedToo() {
    var random = new Random(7);
    byte[] whole = SlotCodec.encode(LOG, slot(data(20, 100, 6))).toArray();
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = whole.clone();
      for (int j = 0; j <= random.nextInt(3); j++) {
        changed[random.nextInt(changed.length - 4)] = (byte) random.nextInt(256);
      }
      int checksum = SlotCodec.checksum(changed, changed.length - 4);
      ByteBuffer.wrap(changed).putInt(changed.length - 4, checksum);
      try {
        SlotCodec.decode(LOG, 77, Bytes.wrap(changed));
      } catch (DamagedObjectException refused) {
        assertThat(refused.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void keysSortAsSlotsDo() {
    assertThat(Names.slot(0x1fff)).isEqualTo("slots/0000000000001/0000000000001fff");
    assertThat(Names.slotOf(Names.slot(12_345))).hasValue(12_345);
    assertThat(Names.slotOf("slots/x/12")).isEmpty();
    assertThat(Names.slot(4_095)).isLessThan(Names.slot(4_096));
  }
}
