/// Histories as text: the library's own JSON lines, and the logs of other checkers.
///
/// **Promises** that what [HistoryFile] writes it reads back equal, and that text it does not
/// understand is refused with the line's number. **Never** skips what it does not know. Any thread
/// may use it. Start reading at [HistoryFile].
@NullMarked
package io.tidemark.porcupine.format;

import org.jspecify.annotations.NullMarked;
