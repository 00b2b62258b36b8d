package io.tidemark.statemachine;

import java.util.Optional;

/// What a record of the log carries: a command, who asks for it, and when.
///
/// @param proposer the replica process that appended it, a number drawn at random when it started
/// @param ordinal counts the proposals of that process, from 1: it finds its own records by it
/// @param requestId the client's name for the request, if it may be sent again
/// @param wallMillis the proposer's wall clock, in milliseconds since 1970
/// @param command what to do
public record Proposal(
    long proposer, long ordinal, Optional<RequestId> requestId, long wallMillis, Command command) {}
