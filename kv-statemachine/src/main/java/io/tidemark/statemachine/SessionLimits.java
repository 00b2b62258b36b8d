package io.tidemark.statemachine;

/// The bounds of the table of sessions. All replicas must have the same: they decide on answers.
///
/// @param sessionsMax how many sessions are known
/// @param window how many sequences up to the greatest one are known in a session
/// @param answerBytesMax how many bytes the remembered answers of a session may have together
record SessionLimits(int sessionsMax, int window, int answerBytesMax) {
  static final SessionLimits STANDARD =
      new SessionLimits(
          Sessions.SESSIONS_MAX, Sessions.WINDOW, Sessions.ANSWER_BYTES_PER_SESSION_MAX);
}
