package io.tidemark.porcupine.model;

import io.tidemark.porcupine.Model;
import io.tidemark.porcupine.Partitioner;
import io.tidemark.porcupine.RegisterAccess;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Registers that are read and written, one for each key, empty at first.
///
/// If the written values of a key are all different, it is decided in O(n log n).
public final class Register implements Model<Register.Value, Register.Input, Register.Output> {
  /// What a client asks.
  public sealed interface Input {
    /// Which register.
    String key();
  }

  /// What is the value?
  ///
  /// @param key which register
  public record Read(String key) implements Input {}

  /// Let this be the value.
  ///
  /// @param key which register
  /// @param value the new value
  public record Write(String key, String value) implements Input {}

  /// What a client is told.
  public sealed interface Output {}

  /// The value read; also the register's state.
  ///
  /// @param text the value; null if none was ever written
  public record Value(@Nullable String text) implements Output {
    /// Nothing was ever written.
    public static final Value NONE = new Value(null);

    @Override
    public String toString() {
      return text == null ? "nothing" : text;
    }
  }

  /// The write is done.
  public record Written() implements Output {}

  @Override
  public Value init() {
    return Value.NONE;
  }

  @Override
  public @Nullable Value step(Value state, Input input, @Nullable Output output) {
    if (input instanceof Write write) {
      return new Value(write.value());
    }
    return output == null || output.equals(state) ? state : null;
  }

  @Override
  public boolean isPure(Input input, @Nullable Output output) {
    return input instanceof Read;
  }

  @Override
  public Partitioner<Input> partitioner() {
    return Input::key;
  }

  @Override
  public RegisterAccess<Input, Output> registerAccess() {
    return new RegisterAccess<>() {
      @Override
      public Kind kind(Input input, @Nullable Output output) {
        return input instanceof Read ? Kind.READ : Kind.WRITE;
      }

      @Override
      public Object value(Input input, @Nullable Output output) {
        return input instanceof Write write
            ? new Value(write.value())
            : Objects.requireNonNull(output);
      }

      @Override
      public Object initial() {
        return Value.NONE;
      }
    };
  }

  @Override
  public String describe(Input input, @Nullable Output output) {
    if (input instanceof Write write) {
      return "write " + write.key() + " = " + write.value();
    }
    return "read " + input.key() + " → " + (output == null ? "?" : output);
  }
}
