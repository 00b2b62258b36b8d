package io.tidemark.log.s3;

import io.tidemark.base.Bytes;
import io.tidemark.base.InvariantViolation;
import io.tidemark.base.Invariants;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What one object of the log holds: one batch of one writer, or one word about the log itself.
///
/// **Chains.** A writer may send several slots before it hears of the first. Such slots form a
/// chain: each names the slot at which its chain begins, and counts only if the slot before it
/// holds the same writer's previous one of the same chain, and that one counts. If another writer
/// takes one of these slots, every later one of the chain is *void* for every reader, whatever
/// becomes of the requests: its records may be sent again without being there twice. Whoever begins
/// a chain has seen every slot before it, and so has every slot that counts.
///
/// @param number which slot
/// @param writer one for each time that a process opened the log
/// @param sequence counts what this writer has made, from 1; no two of its slots share one
/// @param base the slot at which the chain begins: this one, or one of the [#CHAIN_MAX] before
/// @param fence the token of the log's fence before `base`
/// @param address where this writer takes appends from others; empty if it takes none
/// @param content what it says
record Slot(
    long number,
    UUID writer,
    long sequence,
    long base,
    Bytes fence,
    String address,
    Content content) {
  /// The most bytes of an address in UTF-8.
  static final int ADDRESS_BYTES_MAX = 512;

  /// The most slots of a chain. Below the first slot of a chain there is no slot missing, so this
  /// is how far one looks back to find firm ground.
  static final int CHAIN_MAX = 64;

  Slot {
    Invariants.check(
        0 <= base && base <= number && number - base < CHAIN_MAX,
        "a chain begins at most 63 slots before",
        base,
        number);
    Invariants.check(sequence > 0, "a writer counts from one", sequence);
    Invariants.check(
        content instanceof Content.Data || base == number,
        "what is said of the log stands alone",
        base,
        number);
  }

  sealed interface Content {
    /// Records, one or more.
    record Data(List<Bytes> records) implements Content {}

    /// From here on appends carry this token.
    record Fence(Bytes token) implements Content {}

    /// Nothing counts after this.
    record Seal() implements Content {}
  }

  /// A slot and whether it counts.
  record Judged(Slot slot, boolean counts) {
    /// The records that readers get from it.
    List<Bytes> records() {
      return counts && slot.content instanceof Content.Data(var records) ? records : List.of();
    }
  }

  /// Judges this slot by the one before it, which is needed only within a chain.
  Judged after(@Nullable Judged before) {
    if (base == number) {
      return new Judged(this, true);
    }
    if (before == null || before.slot.number != number - 1) {
      throw new InvariantViolation("a chain is judged in order, at slot " + number);
    }
    return new Judged(this, before.counts && continues(before.slot));
  }

  /// Whether that is the slot before this one in its chain.
  boolean continues(Slot before) {
    return before.number == number - 1
        && before.base == base
        && before.writer.equals(writer)
        && before.sequence == sequence - 1;
  }

  /// What is left of a slot of records when they are forgotten.
  Slot withoutRecords() {
    return content instanceof Content.Data
        ? new Slot(number, writer, sequence, base, fence, address, new Content.Data(List.of()))
        : this;
  }

  /// Whether this is what that writer made under that sequence.
  boolean isBy(UUID maker, long itsSequence) {
    return writer.equals(maker) && sequence == itsSequence;
  }
}
