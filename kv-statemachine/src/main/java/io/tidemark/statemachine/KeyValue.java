package io.tidemark.statemachine;

import io.tidemark.base.Bytes;

/// A key and what the view holds for it.
///
/// @param key the key
/// @param value its value
/// @param createRevision the revision that created it; the key was absent just before
/// @param modifyRevision the revision that wrote it last
/// @param version how often it was written since it was created; 1 for a new key
public record KeyValue(
    Bytes key, Bytes value, long createRevision, long modifyRevision, long version) {}
