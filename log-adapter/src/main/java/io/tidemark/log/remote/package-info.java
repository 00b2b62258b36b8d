/// The remote provider: any log served over gRPC, and used from another process.
///
/// ```text
///   RemoteLog ──── one connection ────▶ LogServer ──▶ the Log it serves
///     Appends      one append stream      AppendSession   numbered batches, answered in order
///     RemoteReader one stream each        ReadSession     credit back, records forth
///     checkTail    one call each          LogService      never answered from memory
/// ```
///
/// **Promises** what [io.tidemark.log.Log] promises, with the network between: an append whose
/// answer was lost is *maybe appended*, one that was never sent is *not appended*, and a tail check
/// asks the log anew or fails in time. It connects again by itself. **Never** sends an append
/// twice, never goes on silently with another log at the same address (everything fails with
/// [io.tidemark.log.LogException.Corrupt] until the right one is back), never blocks a caller
/// except in a reader's `next()`, and never holds more than its settings allow.
///
/// gRPC's event loops run everything that does not block; timers run on one thread; each open read
/// stream has one virtual thread on the server. Whoever wires a replica or a server uses
/// [RemoteLog] or [LogServer]; nothing else is public. The two need gRPC on the class path, which
/// other providers do not. Start reading at `log/v1/log.proto`, then [RemoteLog] and [LogServer].
@NullMarked
package io.tidemark.log.remote;

import org.jspecify.annotations.NullMarked;
