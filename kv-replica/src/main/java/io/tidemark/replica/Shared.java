package io.tidemark.replica;

/// What the parts of one replica have in common.
///
/// @param lifecycle whether it runs, and how to stop it
/// @param uptime its time
/// @param deadlines ends waits
/// @param answers completes futures
/// @param metrics its metrics
record Shared(
    Lifecycle lifecycle,
    Uptime uptime,
    Deadlines deadlines,
    Answers answers,
    ReplicaMetrics metrics) {}
