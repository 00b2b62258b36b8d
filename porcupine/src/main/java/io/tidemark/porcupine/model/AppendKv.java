package io.tidemark.porcupine.model;

import io.tidemark.porcupine.Model;
import io.tidemark.porcupine.Partitioner;
import org.jspecify.annotations.Nullable;

/// Strings by key that are read, replaced and appended to; empty at first. Appending is not
/// idempotent, so a write that was done twice shows.
public final class AppendKv implements Model<String, AppendKv.Input, AppendKv.Output> {
  /// What a client asks.
  public sealed interface Input {
    /// Which string.
    String key();
  }

  /// What is the string?
  ///
  /// @param key which string
  public record Get(String key) implements Input {}

  /// Let this be the string.
  ///
  /// @param key which string
  /// @param value the new string
  public record Put(String key, String value) implements Input {}

  /// Let the string be longer by this.
  ///
  /// @param key which string
  /// @param value what to append
  public record Append(String key, String value) implements Input {}

  /// What a client is told.
  public sealed interface Output {}

  /// The string read.
  ///
  /// @param value the string
  public record Got(String value) implements Output {}

  /// The change is done.
  public record Done() implements Output {}

  @Override
  public String init() {
    return "";
  }

  @Override
  public @Nullable String step(String state, Input input, @Nullable Output output) {
    if (input instanceof Put put) {
      return put.value();
    }
    if (input instanceof Append append) {
      return state + append.value();
    }
    return output instanceof Got got && !got.value().equals(state) ? null : state;
  }

  @Override
  public boolean isPure(Input input, @Nullable Output output) {
    return input instanceof Get;
  }

  @Override
  public Partitioner<Input> partitioner() {
    return Input::key;
  }

  @Override
  public String describe(Input input, @Nullable Output output) {
    if (input instanceof Put put) {
      return "put " + put.key() + " = “" + put.value() + "”";
    }
    if (input instanceof Append append) {
      return "append " + append.key() + " “" + append.value() + "”";
    }
    return "get " + input.key() + " → " + (output instanceof Got got ? quoted(got.value()) : "?");
  }

  @Override
  public String describeState(String state) {
    return quoted(state);
  }

  private static String quoted(String value) {
    return "“" + value + "”";
  }
}
