/// The messages of records and of remembered answers, all generated from `record.proto`.
///
/// **Promises** that fields are only ever added and their numbers never used again. **Never** holds
/// logic, and never leaves this module: `io.tidemark.statemachine` alone uses it, from any thread.
/// Start reading at `record.proto`.
@NullMarked
package io.tidemark.statemachine.wire;

import org.jspecify.annotations.NullMarked;
