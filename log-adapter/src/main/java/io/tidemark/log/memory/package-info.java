/// A log in the memory of one process, for tests and for trying things out.
///
/// **Promises** the whole contract of [io.tidemark.log.Log], except that it is forgotten when the
/// process ends. **Never** grows without bound: full, it refuses appends until it is trimmed. It
/// has no thread of its own; every call does its work at once, under one lock. Whoever wants a log
/// without a directory uses it. Start reading at [MemoryLog].
@NullMarked
package io.tidemark.log.memory;

import org.jspecify.annotations.NullMarked;
