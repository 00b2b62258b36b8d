package io.tidemark.log.s3;

/// A request to an object store that came to nothing. The message says why, for people.
public abstract sealed class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private StoreException(String message) {
    super(message);
  }

  /// The store did not answer, or not usefully: it may if it is asked again.
  public static final class Unavailable extends StoreException {
    private static final long serialVersionUID = 1L;

    private final boolean throttled;

    /// Nothing useful was answered, for this reason.
    ///
    /// @param throttled whether the store asks for fewer requests
    public Unavailable(String why, boolean throttled) {
      super(why);
      this.throttled = throttled;
    }

    /// Whether the store asks for fewer requests.
    public boolean isThrottled() {
      return throttled;
    }
  }

  /// The store understood and said no: no such bucket, no permission, credentials that are wrong or
  /// have expired, a clock that is off. It will say so again until somebody changes something.
  public static final class Refused extends StoreException {
    private static final long serialVersionUID = 1L;

    /// The store refuses, for this reason.
    public Refused(String why) {
      super(why);
    }
  }
}
