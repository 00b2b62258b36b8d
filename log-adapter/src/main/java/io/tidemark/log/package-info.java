/// The shared log: its contract, without any provider.
///
/// **Promises** that whatever implements [Log] orders records totally, acknowledges only what is
/// durable, and says of every failure whether the records may be in the log. **Never** reports as
/// failed what may have been appended, and never answers a tail check it cannot prove. Any thread
/// may call a log; a [LogReader] belongs to one thread. Replicas use it, and the providers in the
/// packages below implement it. Start reading at [Log].
@NullMarked
package io.tidemark.log;

import org.jspecify.annotations.NullMarked;
