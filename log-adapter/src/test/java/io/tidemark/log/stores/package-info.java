/// Object stores that are not ours, for the tests of every module: servers that speak S3, each as
/// processes of its own.
///
/// A store that we write ourselves proves only our reading of S3.
///
/// **Promises** that a store listens on the loopback address only, holds an empty bucket, and is
/// gone when it is closed or the tests end. Start reading at [ForeignStore].
@NullMarked
package io.tidemark.log.stores;

import org.jspecify.annotations.NullMarked;
