package io.tidemark.porcupine.engine;

import io.tidemark.porcupine.Counterexample;
import org.jspecify.annotations.Nullable;

/// What came of the attempt to confirm and explain an illegal verdict.
///
/// @param status `ILLEGAL` if confirmed, `LEGAL` if fingerprints misled the search, else `UNKNOWN`
/// @param counterexample if confirmed, why
public record Explanation(Found.Status status, @Nullable Counterexample counterexample) {}
