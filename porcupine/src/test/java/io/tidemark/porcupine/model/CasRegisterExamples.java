package io.tidemark.porcupine.model;

import io.tidemark.porcupine.Model;

final class CasRegisterExamples
    extends Examples<CasRegister.Value, CasRegister.Input, CasRegister.Output> {
  CasRegisterExamples() {
    CasRegister.Input read = new CasRegister.Read();
    CasRegister.Output done = new CasRegister.Written();
    CasRegister.Output applied = new CasRegister.Compared(true);
    CasRegister.Output refused = new CasRegister.Compared(false);
    legal(
        "one of two rivals wins",
        hand()
            .then(new CasRegister.Write("1"), done)
            .at(100, 200, new CasRegister.CompareAndSet("1", "2"), refused)
            .at(100, 200, new CasRegister.CompareAndSet("1", "3"), applied)
            .then(read, new CasRegister.Value("3")));
    illegal(
        "both of two rivals win",
        hand()
            .then(new CasRegister.Write("1"), done)
            .at(100, 200, new CasRegister.CompareAndSet("1", "2"), applied)
            .at(100, 200, new CasRegister.CompareAndSet("1", "3"), applied));
    illegal(
        "a refusal although the value was the expected one",
        hand()
            .then(new CasRegister.Write("1"), done)
            .then(new CasRegister.CompareAndSet("1", "2"), refused));
  }

  @Override
  Class<?> about() {
    return CasRegister.class;
  }

  @Override
  Model<CasRegister.Value, CasRegister.Input, CasRegister.Output> model() {
    return new CasRegister();
  }

  private static Hand<CasRegister.Input, CasRegister.Output> hand() {
    return new Hand<>();
  }
}
