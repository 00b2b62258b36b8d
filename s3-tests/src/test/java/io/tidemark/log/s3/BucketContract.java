package io.tidemark.log.s3;

import io.tidemark.log.Log;
import io.tidemark.log.LogContract;
import io.tidemark.log.stores.ForeignStore;
import java.util.concurrent.atomic.AtomicInteger;

/// The contract of a log, kept in a bucket of a store that is not ours.
abstract class BucketContract extends LogContract {
  private static final AtomicInteger ROOTS = new AtomicInteger();

  private String root = "";

  /// How the store is reached.
  abstract S3Options options();

  @Override
  protected Log open() {
    root = "log-" + ROOTS.incrementAndGet();
    return reopen();
  }

  @Override
  protected boolean overloads() {
    return true;
  }

  @Override
  protected boolean survivesClose() {
    return true;
  }

  @Override
  protected Log reopen() {
    return SlotLog.open(
        AwsObjectStore.open(ForeignStore.BUCKET, root, options()),
        SlotLogTest.config().withQueue(1_500, 64 << 20));
  }
}
