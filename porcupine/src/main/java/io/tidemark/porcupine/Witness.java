package io.tidemark.porcupine;

import java.util.OptionalLong;

/// The order that the system itself says its operations took effect in: positions of its log.
///
/// A linearization is easy to check and hard to find; a system with a log knows one. A witness is
/// believed in nothing: the order is replayed through the model and compared with real time, and
/// what passes is a linearization wherever the order came from.
///
/// @param <I> the input of a call
/// @param <O> the answer to a call
@FunctionalInterface
public interface Witness<I, O> {
  /// Where the operation stands in the order, or empty if it never took effect. Operations of equal
  /// keys take effect in the order of their calls.
  ///
  /// With log positions, `2 * position + 1` for the write at `position` and `2 * applied` for a
  /// read that saw everything before `applied` put each read where it belongs.
  OptionalLong key(Operation<I, O> operation);
}
