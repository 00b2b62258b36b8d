package io.tidemark.checkpoint;

/// Who fetched a checkpoint, opened it and reproduced its digest.
///
/// @param verifier who did, for people
/// @param isMaker whether it is the maker itself, because nobody else did in time
/// @param wallMillis when, by the verifier's clock
public record Verdict(String verifier, boolean isMaker, long wallMillis) {}
