/// The engines behind [io.tidemark.porcupine.Linearizability]: the general search ([Search]), the
/// zones of unique-value registers ([Zones]), the check of a proposed order ([WitnessCheck]) and
/// the set of all that is possible ([Frontier]).
///
/// **Promises** nothing to programs outside this library: use the parent package. **Never** starts
/// a thread or reads a clock, apart from the deadline in [Limits]. Each object belongs to the
/// thread that made it. Start reading at [Problem], then [Search].
@NullMarked
package io.tidemark.porcupine.engine;

import org.jspecify.annotations.NullMarked;
