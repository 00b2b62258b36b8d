package io.tidemark.log.s3;

import io.tidemark.base.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/// Slots that are not what stands in the store, for logs into which a bug is planted. Nothing comes
/// of an object that was damaged on its way.
public final class ForgedSlots {
  private static final UUID NOBODY = new UUID(0, 0xf0);
  private static final int LOG_OFFSET = 8;
  private static final int NUMBER_OFFSET = 24;

  private ForgedSlots() {}

  /// Whether it is a slot's key.
  public static boolean isSlot(String key) {
    return Names.slotOf(key).isPresent();
  }

  /// Whether it is a trim marker's key.
  public static boolean isTrimMarker(String key) {
    return key.startsWith("trim/");
  }

  /// In place of this slot, one of another writer that changes nothing: it fences the log as it is
  /// fenced.
  public static Optional<Bytes> ofAnother(Bytes object) {
    return decode(object)
        .map(slot ->
            encode(
                object,
                new Slot(
                    slot.number(),
                    NOBODY,
                    1,
                    slot.number(),
                    slot.fence(),
                    "",
                    new Slot.Content.Fence(slot.fence()))));
  }

  /// The same slot, in a log that is fenced by this token and no other.
  public static Optional<Bytes> fencedBy(Bytes token, Bytes object) {
    return decode(object)
        .map(slot ->
            encode(
                object,
                new Slot(
                    slot.number(),
                    slot.writer(),
                    slot.sequence(),
                    slot.base(),
                    token,
                    slot.address(),
                    slot.content() instanceof Slot.Content.Fence
                        ? new Slot.Content.Fence(token)
                        : slot.content())));
  }

  /// The token of the log's fence behind this slot.
  public static Optional<Bytes> fenceBehind(Bytes object) {
    return decode(object)
        .map(slot ->
            slot.content() instanceof Slot.Content.Fence(Bytes token) ? token : slot.fence());
  }

  private static Optional<Slot> decode(Bytes object) {
    ByteBuffer in = object.asBuffer();
    if (in.remaining() < NUMBER_OFFSET + Long.BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(SlotCodec.decode(log(object), in.getLong(NUMBER_OFFSET), object));
    } catch (DamagedObjectException _) {
      return Optional.empty();
    }
  }

  private static Bytes encode(Bytes original, Slot slot) {
    return SlotCodec.encode(log(original), slot);
  }

  private static UUID log(Bytes object) {
    return SlotCodec.uuid(object.asBuffer().position(LOG_OFFSET));
  }
}
