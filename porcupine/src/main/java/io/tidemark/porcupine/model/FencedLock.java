package io.tidemark.porcupine.model;

import io.tidemark.porcupine.Model;
import org.jspecify.annotations.Nullable;

/// A lock that hands out a greater token with each grant, and the resource it guards, which refuses
/// a token smaller than one it has seen. A holder that slept through its lease can do no harm: that
/// is what the tokens are for.
public final class FencedLock
    implements Model<FencedLock.State, FencedLock.Input, FencedLock.Output> {
  /// The token of a grant whose answer was lost.
  private static final long LOST = -1;

  /// What a client asks.
  public sealed interface Input {}

  /// Let me hold the lock.
  public record Acquire() implements Input {}

  /// I do not need the lock any more.
  ///
  /// @param token the token of my grant
  public record Release(long token) implements Input {}

  /// The lease of a holder is over: asked by the system itself.
  ///
  /// @param token the token of the holder's grant
  public record Expire(long token) implements Input {}

  /// Use the resource.
  ///
  /// @param token the token of my grant
  public record Use(long token) implements Input {}

  /// What a client is told.
  public sealed interface Output {}

  /// The lock is yours.
  ///
  /// @param token greater than that of every grant before
  public record Granted(long token) implements Output {}

  /// Somebody else holds the lock.
  public record Busy() implements Output {}

  /// Whether it was done: a release or expiry of the present holder, a use with no smaller token.
  ///
  /// @param accepted whether it was done
  public record Answer(boolean accepted) implements Output {}

  /// The lock and the resource.
  ///
  /// @param holder the token of who holds it, 0 if free, -1 if held by a grant whose answer was
  ///   lost
  /// @param lastGranted every later token is greater; a lost one is so too
  /// @param lastUsed the greatest token the resource has seen
  public record State(long holder, long lastGranted, long lastUsed) {}

  @Override
  public State init() {
    return new State(0, 0, 0);
  }

  @Override
  public @Nullable State step(State state, Input input, @Nullable Output output) {
    if (input instanceof Acquire) {
      return acquire(state, output);
    }
    if (input instanceof Use use) {
      boolean accepted = use.token() >= state.lastUsed();
      State after = accepted ? new State(state.holder(), state.lastGranted(), use.token()) : state;
      return fits(output, accepted) ? after : null;
    }
    long token = input instanceof Release release ? release.token() : ((Expire) input).token();
    if (state.holder() == LOST && token > state.lastGranted()) {
      // Most likely the lost one; but a refusal says that it is not.
      return new Answer(false).equals(output) ? state : new State(0, token, state.lastUsed());
    }
    boolean isHolder = token == state.holder();
    State after = isHolder ? new State(0, state.lastGranted(), state.lastUsed()) : state;
    return fits(output, isHolder) ? after : null;
  }

  private static @Nullable State acquire(State state, @Nullable Output output) {
    if (state.holder() != 0) {
      return output == null || output instanceof Busy ? state : null;
    }
    if (output == null) {
      return new State(LOST, state.lastGranted(), state.lastUsed());
    }
    return output instanceof Granted granted && granted.token() > state.lastGranted()
        ? new State(granted.token(), granted.token(), state.lastUsed())
        : null;
  }

  private static boolean fits(@Nullable Output output, boolean accepted) {
    return output == null || output.equals(new Answer(accepted));
  }

  @Override
  public boolean isPure(Input input, @Nullable Output output) {
    return output instanceof Busy || new Answer(false).equals(output);
  }
}
