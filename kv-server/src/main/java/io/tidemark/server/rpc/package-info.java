/// The gRPC face of a replica: `kv.v1.KeyValue`, health, and what guards the port.
///
/// **Promises** that whatever comes in is answered by an answer or by an error of the contract,
/// that what is in flight is bounded, and that a slow or broken client harms only itself. **Never**
/// blocks the threads it is called on, which are the transport's, and decides nothing about data.
/// The server wires it. Start reading at [KeyValueService].
@NullMarked
package io.tidemark.server.rpc;

import org.jspecify.annotations.NullMarked;
