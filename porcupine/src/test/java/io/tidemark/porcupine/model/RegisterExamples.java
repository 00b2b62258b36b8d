package io.tidemark.porcupine.model;

import io.tidemark.porcupine.Model;

final class RegisterExamples extends Examples<Register.Value, Register.Input, Register.Output> {
  RegisterExamples() {
    legal(
        "a read beside a write sees either value",
        hand()
            .then(write("1"), done())
            .at(100, 200, write("2"), done())
            .at(110, 190, read(), value("2"))
            .at(110, 190, read(), value("1")));
    legal(
        "a read that begins in the instant in which a write returns is concurrent with it",
        hand().at(10, 20, write("1"), done()).at(20, 30, read(), Register.Value.NONE));
    legal(
        "a lost write may take effect long after",
        hand().lost(write("1")).then(read(), Register.Value.NONE).then(read(), value("1")));
    legal(
        "a lost write may never take effect",
        hand().lost(write("1")).then(read(), Register.Value.NONE));
    legal(
        "keys are apart",
        hand().then(write("1"), done()).then(new Register.Read("other"), Register.Value.NONE));
    illegal(
        "a stale read",
        hand().then(write("1"), done()).then(write("2"), done()).then(read(), value("1")));
    illegal(
        "a read of a value that nobody wrote",
        hand().then(write("1"), done()).then(read(), value("7")));
    illegal("a read from the future", hand().then(read(), value("1")).then(write("1"), done()));
    illegal(
        "two readers that see two writes in opposite orders",
        hand()
            .at(10, 100, write("1"), done())
            .at(10, 100, write("2"), done())
            .at(20, 30, read(), value("1"))
            .at(40, 50, read(), value("2"))
            .at(60, 70, read(), value("1")));
    illegal(
        "an acknowledged write that is lost",
        hand().then(write("1"), done()).then(read(), Register.Value.NONE));
    illegal(
        "a read of a write that failed",
        hand().then(write("1"), done()).failed(write("2")).then(read(), value("2")));
    illegal(
        "a lost write that takes effect twice",
        hand()
            .lost(write("1"))
            .then(read(), value("1"))
            .then(write("2"), done())
            .then(read(), value("1")));
  }

  @Override
  Class<?> about() {
    return Register.class;
  }

  @Override
  Model<Register.Value, Register.Input, Register.Output> model() {
    return new Register();
  }

  private static Register.Input read() {
    return new Register.Read("k");
  }

  private static Register.Input write(String value) {
    return new Register.Write("k", value);
  }

  private static Register.Output value(String text) {
    return new Register.Value(text);
  }

  private static Register.Output done() {
    return new Register.Written();
  }

  private static Hand<Register.Input, Register.Output> hand() {
    return new Hand<>();
  }
}
