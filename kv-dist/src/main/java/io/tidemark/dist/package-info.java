/// The `tidemark` command: puts the server's verbs and the client's verbs together.
///
/// **Promises** one command with one `--help`. **Never** holds logic: a verb belongs to the module
/// that does the work. Runs on the main thread. Start reading at [Main].
@NullMarked
package io.tidemark.dist;

import org.jspecify.annotations.NullMarked;
