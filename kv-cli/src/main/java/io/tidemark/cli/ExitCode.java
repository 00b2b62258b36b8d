package io.tidemark.cli;

import io.tidemark.client.CancelledException;
import io.tidemark.client.InvalidRequestException;
import io.tidemark.client.LogEndedException;
import io.tidemark.client.OutcomeUnknownException;
import io.tidemark.client.OverloadedException;
import io.tidemark.client.TidemarkException;
import io.tidemark.client.TimedOutException;
import io.tidemark.client.TooLargeException;
import io.tidemark.client.UnavailableException;

/// What the process ends with.
public final class ExitCode {
  /// All went well.
  public static final int OK = 0;

  /// Something failed and is not one of the others.
  public static final int FAILURE = 1;

  /// The command line is wrong.
  public static final int USAGE = 2;

  /// The key is not there.
  public static final int NOT_FOUND = 3;

  /// A condition of a transaction did not hold.
  public static final int CONDITION_FAILED = 4;

  /// The write may or may not have been done.
  public static final int OUTCOME_UNKNOWN = 5;

  /// No server could do it in time; nothing was done.
  public static final int UNAVAILABLE = 6;

  /// A verification fell short, so that it proves nothing.
  public static final int PROVES_NOTHING = 7;

  private ExitCode() {}

  static int of(TidemarkException failure) {
    return switch (failure) {
      case OutcomeUnknownException unknown -> OUTCOME_UNKNOWN;
      case UnavailableException away -> UNAVAILABLE;
      case TimedOutException late -> UNAVAILABLE;
      case OverloadedException full -> UNAVAILABLE;
      case CancelledException cancelled -> FAILURE;
      case InvalidRequestException invalid -> FAILURE;
      case TooLargeException tooLarge -> FAILURE;
      case LogEndedException ended -> FAILURE;
    };
  }

  /// What the user can do about it.
  static String advice(TidemarkException failure) {
    return switch (failure) {
      case OutcomeUnknownException unknown ->
          "the write may have been done: read the key to see, or write it again if that does no"
              + " harm";
      case UnavailableException away ->
          "nothing was done: check --endpoint and `tidemark status`, then try again";
      case TimedOutException late -> "try again, with a longer --timeout if need be";
      case OverloadedException full -> "nothing was done: send less at once, try again later";
      case CancelledException cancelled -> "nothing was done";
      case InvalidRequestException invalid -> "nothing was done: change the request";
      case TooLargeException tooLarge -> "nothing was done: make it smaller";
      case LogEndedException ended ->
          "nothing was done: this database takes no more writes, use the one that took its place";
    };
  }
}
