package io.tidemark.client;

import java.util.Optional;

/// The answer to a get.
///
/// @param revision every change up to this revision is in the answer
/// @param pair what is there, or nothing
public record GetResult(long revision, Optional<KeyValue> pair) {}
