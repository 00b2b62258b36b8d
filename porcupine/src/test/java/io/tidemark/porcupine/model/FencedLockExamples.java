package io.tidemark.porcupine.model;

import io.tidemark.porcupine.Model;

final class FencedLockExamples
    extends Examples<FencedLock.State, FencedLock.Input, FencedLock.Output> {
  FencedLockExamples() {
    FencedLock.Input acquire = new FencedLock.Acquire();
    FencedLock.Output yes = new FencedLock.Answer(true);
    FencedLock.Output no = new FencedLock.Answer(false);
    legal(
        "a holder that slept through its lease is refused",
        hand()
            .then(acquire, new FencedLock.Granted(1))
            .then(acquire, new FencedLock.Busy())
            .then(new FencedLock.Use(1), yes)
            .then(new FencedLock.Expire(1), yes)
            .then(acquire, new FencedLock.Granted(2))
            .then(new FencedLock.Use(2), yes)
            .then(new FencedLock.Use(1), no)
            .then(new FencedLock.Release(1), no));
    legal(
        "a grant that nobody heard of expires",
        hand()
            .lost(acquire)
            .then(acquire, new FencedLock.Busy())
            .then(new FencedLock.Expire(4), yes)
            .then(acquire, new FencedLock.Granted(5)));
    illegal(
        "two hold the lock",
        hand().then(acquire, new FencedLock.Granted(1)).then(acquire, new FencedLock.Granted(2)));
    illegal(
        "a token that does not grow",
        hand()
            .then(acquire, new FencedLock.Granted(2))
            .then(new FencedLock.Release(2), yes)
            .then(acquire, new FencedLock.Granted(2)));
    illegal(
        "the resource accepts a fenced holder",
        hand()
            .then(acquire, new FencedLock.Granted(1))
            .then(new FencedLock.Expire(1), yes)
            .then(acquire, new FencedLock.Granted(2))
            .then(new FencedLock.Use(2), yes)
            .then(new FencedLock.Use(1), yes));
  }

  @Override
  Class<?> about() {
    return FencedLock.class;
  }

  @Override
  Model<FencedLock.State, FencedLock.Input, FencedLock.Output> model() {
    return new FencedLock();
  }

  private static Hand<FencedLock.Input, FencedLock.Output> hand() {
    return new Hand<>();
  }
}
