/// The client verbs of the `tidemark` command: `put`, `get`, `del`, `scan`, `txn`, `import`,
/// `export`, `status`, `bench`, `verify` and `version`.
///
/// **Promises** the exit codes of [ExitCode], one line for every error, and output that a program
/// can read (`-o json`, `-o raw`) beside that for people. **Never** loads the classes of a verb
/// that was not asked for, and never reports a write as failed that may have happened.
///
/// Whoever puts the command together adds [ClientCommands] to it; a command runs on the thread that
/// executes it. Start reading at [ClientCommands], then at [ClientCommand].
@NullMarked
package io.tidemark.cli;

import org.jspecify.annotations.NullMarked;
