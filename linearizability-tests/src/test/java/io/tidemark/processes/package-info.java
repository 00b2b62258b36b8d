/// Real clusters under real faults: every process is started, killed, frozen and restarted as an
/// operator would see it happen, its disk loses power, fails and fills, its network loses, holds
/// and delivers late; and what clients saw is checked.
///
/// ```text
///   Trial     a load of io.tidemark.verify, mischief in turns, a judgement
///   Cluster   the processes, and the proxies between them where they are asked for
///   LoopDisk, FailingDisk, Namespaces   what only root, or a compiler, can have
///   Planted*  processes with a bug in them, which the tests must find
/// ```
///
/// **Promises** that a test ends with every process it started gone, and every disk and network it
/// made; what a run that was killed left of these, the next removes. Everything listens on loopback
/// or in a namespace of its own. Sizes are small by default; the system properties named at each
/// test make them large. **Never** passes when a fault did not happen, when clients did not feel
/// it, or when the checker could not decide; what the machine cannot do is skipped with the reason.
@NullMarked
package io.tidemark.processes;

import org.jspecify.annotations.NullMarked;
