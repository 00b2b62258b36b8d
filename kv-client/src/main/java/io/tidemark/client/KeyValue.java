package io.tidemark.client;

import io.tidemark.base.Bytes;

/// A key and what is stored under it.
///
/// @param key the key
/// @param value its value; empty where keys alone were asked for
/// @param createRevision the revision that created the key; it was absent just before
/// @param modifyRevision the revision that wrote the key last
/// @param version how often it was written since it was created; 1 for a new key
public record KeyValue(
    Bytes key, Bytes value, long createRevision, long modifyRevision, long version) {}
