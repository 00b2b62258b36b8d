package io.tidemark.porcupine;

import java.time.Duration;

/// What a check cost. Apart from the time, equal checks cost the same.
///
/// @param operations how many operations took part
/// @param partitions how many parts there were
/// @param byWitness how many of them the witness decided
/// @param byZones how many of them the zones decided
/// @param bySearch how many of them went to the general search
/// @param steps how often the model was asked
/// @param configurations how many configurations were remembered, over all parts
/// @param peakBytes the most memory that one part took, as counted
/// @param elapsed how long it took
public record Stats(
    long operations,
    int partitions,
    int byWitness,
    int byZones,
    int bySearch,
    long steps,
    long configurations,
    long peakBytes,
    Duration elapsed) {}
