package io.tidemark.porcupine.model;

import io.tidemark.porcupine.Model;
import java.util.List;
import java.util.SortedMap;

final class TransactionsExamples
    extends Examples<SortedMap<String, String>, Transactions.Input, Transactions.Output> {
  TransactionsExamples() {
    Transactions.Output done = new Transactions.Output(true, List.of());
    legal(
        "conditions decide on the branch",
        hand()
            .then(put("a", "1"), done)
            .then(
                new Transactions.Input(
                    List.of(
                        new Transactions.Condition("a", "1"),
                        new Transactions.Condition("b", null)),
                    List.of(new Transactions.Put("b", "2"), new Transactions.Get("b")),
                    List.of(new Transactions.Get("a"))),
                new Transactions.Output(true, List.of(new Transactions.Value("2"))))
            .then(
                Transactions.Input.of(new Transactions.Range("a", "z")),
                new Transactions.Output(
                    true, List.of(new Transactions.Entries(List.of("a", "1", "b", "2"))))));
    illegal(
        "a torn transaction",
        hand()
            .then(
                Transactions.Input.of(
                    new Transactions.Put("a", "1"), new Transactions.Put("b", "1")),
                done)
            .at(
                100,
                200,
                Transactions.Input.of(
                    new Transactions.Put("a", "2"), new Transactions.Put("b", "2")),
                done)
            .at(
                110,
                190,
                Transactions.Input.of(new Transactions.Get("a"), new Transactions.Get("b")),
                new Transactions.Output(
                    true, List.of(new Transactions.Value("2"), new Transactions.Value("1")))));
    illegal(
        "write skew",
        hand().at(10, 100, ifMissing("a", "b"), done).at(10, 100, ifMissing("b", "a"), done));
  }

  @Override
  Class<?> about() {
    return Transactions.class;
  }

  @Override
  Model<SortedMap<String, String>, Transactions.Input, Transactions.Output> model() {
    return new Transactions();
  }

  private static Transactions.Input put(String key, String value) {
    return Transactions.Input.of(new Transactions.Put(key, value));
  }

  private static Transactions.Input ifMissing(String missing, String written) {
    return new Transactions.Input(
        List.of(new Transactions.Condition(missing, null)),
        List.of(new Transactions.Put(written, "x")),
        List.of());
  }

  private static Hand<Transactions.Input, Transactions.Output> hand() {
    return new Hand<>();
  }
}
