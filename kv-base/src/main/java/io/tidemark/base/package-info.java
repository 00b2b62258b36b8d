/// The handful of tiny types that three or more modules share: [Bytes], [Invariants], [Clock] and
/// [Timers].
///
/// **Promises** that every type here is immutable or a seam to the outside world, and depends on
/// the JDK alone. **Never** grows a type that a single module could own. Any thread may use
/// anything here. Start reading at [Bytes].
@NullMarked
package io.tidemark.base;

import org.jspecify.annotations.NullMarked;
