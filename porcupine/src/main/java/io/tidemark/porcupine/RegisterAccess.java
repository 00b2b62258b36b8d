package io.tidemark.porcupine;

import org.jspecify.annotations.Nullable;

/// How to see the calls of a [Model] as reads and writes of one register.
///
/// @param <I> the input of a call
/// @param <O> the answer to a call
public interface RegisterAccess<I, O> {
  /// What a call does to the register.
  enum Kind {
    /// It answers with the value and changes nothing.
    READ,
    /// It replaces the value whatever that was, and its answer says nothing about the old one.
    WRITE,
    /// It is neither, so that the partition needs the general search.
    OTHER
  }

  /// What the call does.
  Kind kind(I input, @Nullable O output);

  /// The value written, or the value read (of a read whose answer is known). Compared with
  /// `equals`.
  Object value(I input, @Nullable O output);

  /// The value before the first write, as a read would see it.
  Object initial();
}
