package io.tidemark.client;

/// The answer to a put.
///
/// @param revision the revision of this write
public record PutResult(long revision) {}
