package io.tidemark.client;

/// The answer to the removal of a range.
///
/// @param revision the keys are gone since this revision at the latest
/// @param deletedCount how many keys were there
public record DeleteRangeResult(long revision, long deletedCount) {}
