/// Networks that fail, for the tests of every module: proxies to put between two parties.
///
/// ```text
///   one party ──▶ FaultProxy ──▶ the other      bytes: lost, held, late, slow, cut, reset
///   one party ──▶ CallProxy  ──▶ the other      calls: answer lost, sent twice, late
/// ```
///
/// **Promises** that what a proxy passes on is what it got, in order, and that it counts what its
/// faults did, so that a test can tell a fault from one that hit nothing. **Never** loses a piece
/// out of the middle of a stream: TCP does not either. What it keeps is bounded. Its threads are
/// virtual; any thread may call it. Start reading at [FaultProxy].
@NullMarked
package io.tidemark.log.faults;

import org.jspecify.annotations.NullMarked;
