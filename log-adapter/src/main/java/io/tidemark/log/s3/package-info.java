/// The object-storage stream: a log that any number of writers share through one bucket, with no
/// coordinator.
///
/// **Promises** the log's whole contract on nothing but put-if-absent of immutable objects that are
/// never reused, and reads that see every finished write. **Never** holds a lease, elects anybody,
/// changes an object, or lists for the tail. All that touches the network stands behind
/// [ObjectStore].
///
/// Start reading at [ObjectStore].
@NullMarked
package io.tidemark.log.s3;

import org.jspecify.annotations.NullMarked;
