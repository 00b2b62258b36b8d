package io.tidemark.client;

/// The answer to a delete.
///
/// @param revision the key is gone since this revision at the latest
/// @param deleted whether the key was there
public record DeleteResult(long revision, boolean deleted) {}
