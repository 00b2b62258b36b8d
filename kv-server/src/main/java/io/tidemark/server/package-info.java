/// A Tidemark server in one object: a replica, its gRPC port, and its admin port.
///
/// **Promises** that what is wired stands in one file, and that closing takes back everything that
/// opening made. **Never** decides on data: that is the replica's. Opening and closing block and
/// belong to one thread; all else may be called from any. The command line uses it, and whoever
/// embeds a server. Start reading at `TidemarkServer`.
@NullMarked
package io.tidemark.server;

import org.jspecify.annotations.NullMarked;
