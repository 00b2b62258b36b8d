package io.tidemark.porcupine.model;

import io.tidemark.porcupine.Model;
import io.tidemark.porcupine.RegisterAccess;
import org.jspecify.annotations.Nullable;

/// A register with compare-and-set, empty at first. A compare-and-set that failed *asserts* that
/// the value differed from the expected one.
public final class CasRegister
    implements Model<CasRegister.Value, CasRegister.Input, CasRegister.Output> {
  /// What a client asks.
  public sealed interface Input {}

  /// What is the value?
  public record Read() implements Input {}

  /// Let this be the value.
  ///
  /// @param value the new value
  public record Write(String value) implements Input {}

  /// If `expected` is the value, let `value` be the value.
  ///
  /// @param expected what must be the value
  /// @param value the new value
  public record CompareAndSet(String expected, String value) implements Input {}

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
  public record Written() implements Output {
    @Override
    public String toString() {
      return "done";
    }
  }

  /// The comparison is done.
  ///
  /// @param applied whether the value was the expected one
  public record Compared(boolean applied) implements Output {
    @Override
    public String toString() {
      return applied ? "applied" : "refused";
    }
  }

  @Override
  public Value init() {
    return Value.NONE;
  }

  @Override
  public @Nullable Value step(Value state, Input input, @Nullable Output output) {
    if (input instanceof Write write) {
      return new Value(write.value());
    }
    if (input instanceof CompareAndSet cas) {
      boolean applies = cas.expected().equals(state.text());
      if (output instanceof Compared compared && compared.applied() != applies) {
        return null;
      }
      return applies ? new Value(cas.value()) : state;
    }
    return output == null || output.equals(state) ? state : null;
  }

  @Override
  public boolean isPure(Input input, @Nullable Output output) {
    return input instanceof Read || (output instanceof Compared compared && !compared.applied());
  }

  @Override
  public RegisterAccess<Input, Output> registerAccess() {
    return new RegisterAccess<>() {
      @Override
      public Kind kind(Input input, @Nullable Output output) {
        if (input instanceof Read) {
          return Kind.READ;
        }
        return input instanceof Write ? Kind.WRITE : Kind.OTHER;
      }

      @Override
      public Object value(Input input, @Nullable Output output) {
        if (input instanceof Write write) {
          return new Value(write.value());
        }
        if (output instanceof Value read) {
          return read;
        }
        throw new IllegalArgumentException("no value in " + input + " → " + output);
      }

      @Override
      public Object initial() {
        return Value.NONE;
      }
    };
  }

  @Override
  public String describe(Input input, @Nullable Output output) {
    String answer = output == null ? "?" : output.toString();
    if (input instanceof Write write) {
      return "write " + write.value();
    }
    if (input instanceof CompareAndSet cas) {
      return "cas " + cas.expected() + " to " + cas.value() + " → " + answer;
    }
    return "read → " + answer;
  }
}
