/// A small S3 endpoint: to try object storage without an account, and to break things with in
/// tests.
///
/// **Promises** the part of S3 that it has exactly as S3 has it: conditional PUTs that one of many
/// wins, reads that see every finished write, and with a directory, objects that are on the disk
/// before the answer and never seen half written. Whatever it does not have is refused by name
/// ([S3Error#NOT_IMPLEMENTED]), never ignored. Faults happen only where a rule asks for them
/// ([Faults]). **Never** touches the network beyond the port it listens on, and knows nothing of
/// the rest of the project.
///
/// A connection belongs to one event loop, which also answers what needs no disk; a
/// [DirectoryStorage] has threads of its own for files. Any module's tests may use it, and the
/// `tidemark dev s3` command. Start reading at [DevS3], then [S3Service].
@NullMarked
package io.tidemark.devs3;

import org.jspecify.annotations.NullMarked;
