/// What operators and their tools ask: is it live, is it ready, how is it doing. Over HTTP.
///
/// **Promises** an answer within a bounded time, and that asking often costs the log nothing more.
/// **Never** changes anything. Each request runs on a virtual thread of its own, a bounded number
/// at a time; checks and metrics are read from any thread. The server wires it. Start reading at
/// [AdminServer], then [Checks].
@NullMarked
package io.tidemark.server.admin;

import org.jspecify.annotations.NullMarked;
