/// The commands `serve` and `log-server`: settings, log output, start and end of a process.
///
/// **Promises** one clear line for whatever a user can do wrong, an exit code that tells which kind
/// it was, and a clean end on SIGTERM. **Never** holds logic of the database. The command runs on
/// the main thread. The `tidemark` command puts them beside its other verbs. Start reading at
/// [ServeCommand].
@NullMarked
package io.tidemark.server.command;

import org.jspecify.annotations.NullMarked;
