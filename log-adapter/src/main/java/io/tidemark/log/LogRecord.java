package io.tidemark.log;

import io.tidemark.base.Bytes;

/// What one position of the log carries.
///
/// @param position where it stands
/// @param payload the bytes that were appended
public record LogRecord(long position, Bytes payload) {}
