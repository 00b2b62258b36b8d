/// The published contract `kv.v1`: messages and stubs, all generated from `kv.proto`.
///
/// **Promises** that fields are only ever added and their numbers never used again. **Never** holds
/// logic. Servers and clients use it, from any thread. Start reading at `kv.proto`.
package io.tidemark.api.v1;
