package io.tidemark.porcupine.model;

import io.tidemark.porcupine.Model;
import java.util.List;
import java.util.SortedSet;

final class StringSetExamples
    extends Examples<SortedSet<String>, StringSet.Input, StringSet.Output> {
  StringSetExamples() {
    legal(
        "a lost removal may have happened",
        hand()
            .then(new StringSet.Add("a"), new StringSet.Was(false))
            .then(new StringSet.Add("b"), new StringSet.Was(false))
            .lost(new StringSet.Remove("a"))
            .then(new StringSet.Contains("a"), new StringSet.Was(true))
            .then(new StringSet.ReadAll(), new StringSet.All(List.of("b"))));
    illegal(
        "an element that was lost",
        hand()
            .then(new StringSet.Add("a"), new StringSet.Was(false))
            .then(new StringSet.Add("b"), new StringSet.Was(false))
            .then(new StringSet.ReadAll(), new StringSet.All(List.of("b"))));
    illegal(
        "an element that was new twice",
        hand()
            .then(new StringSet.Add("a"), new StringSet.Was(false))
            .then(new StringSet.Add("a"), new StringSet.Was(false)));
  }

  @Override
  Class<?> about() {
    return StringSet.class;
  }

  @Override
  Model<SortedSet<String>, StringSet.Input, StringSet.Output> model() {
    return new StringSet();
  }

  private static Hand<StringSet.Input, StringSet.Output> hand() {
    return new Hand<>();
  }
}
