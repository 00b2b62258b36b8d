package io.tidemark.porcupine.model;

import io.tidemark.porcupine.Model;

final class AppendKvExamples extends Examples<String, AppendKv.Input, AppendKv.Output> {
  AppendKvExamples() {
    AppendKv.Output done = new AppendKv.Done();
    legal(
        "a lost append may be seen, once",
        hand()
            .then(new AppendKv.Put("k", "a"), done)
            .lost(new AppendKv.Append("k", "b"))
            .then(new AppendKv.Get("k"), new AppendKv.Got("a"))
            .then(new AppendKv.Get("k"), new AppendKv.Got("ab")));
    illegal(
        "an append that was done twice",
        hand()
            .then(new AppendKv.Put("k", "a"), done)
            .then(new AppendKv.Append("k", "b"), done)
            .then(new AppendKv.Get("k"), new AppendKv.Got("abb")));
    illegal(
        "appends out of order",
        hand()
            .then(new AppendKv.Append("k", "a"), done)
            .then(new AppendKv.Append("k", "b"), done)
            .then(new AppendKv.Get("k"), new AppendKv.Got("ba")));
  }

  @Override
  Class<?> about() {
    return AppendKv.class;
  }

  @Override
  Model<String, AppendKv.Input, AppendKv.Output> model() {
    return new AppendKv();
  }

  private static Hand<AppendKv.Input, AppendKv.Output> hand() {
    return new Hand<>();
  }
}
