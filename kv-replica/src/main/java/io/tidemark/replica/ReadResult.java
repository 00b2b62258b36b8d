package io.tidemark.replica;

/// What a read found, and how current it is.
///
/// @param value what was found
/// @param revision every change up to it is in `value`, and none after it; zero where there was
///   none yet. A later read with [ReadConsistency.AtLeast] of it, on any replica, sees no less.
public record ReadResult<T>(T value, long revision) {}
