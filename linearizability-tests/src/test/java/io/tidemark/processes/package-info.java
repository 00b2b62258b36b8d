/// Real clusters under real faults: every process is started, killed, frozen and restarted as an
/// operator would see it happen, and what clients saw is checked.
///
/// **Promises** that a test ends with every process it started gone, and that everything listens on
/// loopback. Sizes are small by default; the system properties named at each test make them large.
@NullMarked
package io.tidemark.processes;

import org.jspecify.annotations.NullMarked;
