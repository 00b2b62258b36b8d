package io.tidemark.client;

import java.time.Duration;
import java.util.List;

/// What a client was built with; [TidemarkClient.Builder] says what each means.
record Settings(
    List<String> endpoints,
    Duration deadline,
    Duration attemptTimeout,
    Duration pauseMin,
    Duration pauseMax,
    int requestsMax,
    long requestBytesMax) {}
