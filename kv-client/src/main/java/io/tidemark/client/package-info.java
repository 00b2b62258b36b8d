/// The Java client of Tidemark: blocking in [TidemarkClient], asynchronous in
/// [AsyncTidemarkClient].
///
/// **Promises** that a write takes effect once however often it had to be sent, that a request that
/// may have happened is never reported as failed ([OutcomeUnknownException] says it may have), and
/// that every request ends by its deadline. **Never** decides by the text of a message, and never
/// sends a write that carries no request id.
///
/// Anyone may use it, from any thread. Futures and subscribers are called on the client's network
/// threads, which must not be blocked. Inside: a `Request` is one request from its first attempt to
/// its answer, `Sessions` gives writes their request ids, `Endpoints` says where to send. Start
/// reading at [TidemarkClient], inside at `Request`.
@NullMarked
package io.tidemark.client;

import org.jspecify.annotations.NullMarked;
