/// A load that drives a live cluster, records what its clients saw, and has it checked: how anyone
/// audits the claim that Tidemark is linearizable.
///
/// **Promises** that the record says what happened: every endpoint is used on its own, nothing is
/// sent twice behind the record's back, what may have happened is recorded as that, and a client
/// that does not know goes on as a new one. A run that proves little (too small, no concurrency, a
/// fault without effect, a check that did not end) is invalid, never green: see [Gate]. **Never**
/// touches a key outside the plan's prefix, and never sends faster than the plan allows.
///
/// Any thread may start a [Workload] and look at its progress; its clients are virtual threads of
/// its own. The `verify` verb and the tests of real processes use it, and whoever has a cluster
/// may. Start reading at [Workload], then at [Recording]; inside, at `Crew` for the load and at
/// `Mix` for what it consists of.
@NullMarked
package io.tidemark.verify;

import org.jspecify.annotations.NullMarked;
