package io.tidemark.verify;

import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Outcome;
import io.tidemark.verify.KeyModel.Count;
import io.tidemark.verify.KeyModel.Delete;
import io.tidemark.verify.KeyModel.Found;
import io.tidemark.verify.KeyModel.Get;
import io.tidemark.verify.KeyModel.Input;
import io.tidemark.verify.KeyModel.Output;
import io.tidemark.verify.KeyModel.Put;
import io.tidemark.verify.KeyModel.Refused;
import io.tidemark.verify.KeyModel.Swap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes of unknown outcome whose value nobody was told and nobody asked for: which of them it was
/// that took effect makes no difference to anybody, so they may all write one value. A search then
/// need not tell them apart.
final class Unseen {
  private static final String VALUE = "a value that nobody saw";

  private Unseen() {}

  /// The same history with those values alike; ids are the same.
  static History<Input, Output> alike(History<Input, Output> history) {
    Set<String> seen = new HashSet<>();
    for (Operation<Input, Output> operation : history.operations()) {
      if (operation.input() instanceof Swap swap && swap.expected() != null) {
        seen.add(swap.expected());
      }
      String told = told(operation.output());
      if (told != null) {
        seen.add(told);
      }
    }
    var operations = new ArrayList<Operation<Input, Output>>(history.size());
    for (Operation<Input, Output> operation : history.operations()) {
      operations.add(operation.outcome() == Outcome.INFO ? alike(operation, seen) : operation);
    }
    return History.of(operations);
  }

  private static @Nullable String told(@Nullable Output output) {
    return switch (output) {
      case Found found -> found.value();
      case Refused refused -> refused.value();
      case null, default -> null;
    };
  }

  private static Operation<Input, Output> alike(
      Operation<Input, Output> operation, Set<String> seen) {
    Input input = operation.input();
    Input alike =
        switch (input) {
          case Put(var key, var value) when !seen.contains(value) -> new Put(key, VALUE);
          // How often the key was written is not told to anybody either.
          case Count(var key, var value) when !seen.contains(value) -> new Put(key, VALUE);
          case Swap(var key, var expected, var revision, var value) when !seen.contains(value) ->
              new Swap(key, expected, revision, VALUE);
          case Put _, Count _, Swap _, Get _, Delete _ -> input;
        };
    return new Operation<>(
        operation.id(),
        operation.client(),
        alike,
        operation.output(),
        operation.call(),
        operation.ret(),
        operation.outcome(),
        operation.metadata());
  }
}
