package io.tidemark.statemachine;

import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.AbstractNativeReference;

/// Counts the objects of a view that hold native memory, so that a test can see that none is left.
final class RocksHandles {
  private final AtomicLong open = new AtomicLong();

  /// Counts a new object.
  <H extends AbstractNativeReference> H opened(H handle) {
    open.getAndIncrement();
    return handle;
  }

  /// Closes an object that was counted.
  void close(AbstractNativeReference handle) {
    handle.close();
    open.getAndDecrement();
  }

  long open() {
    return open.get();
  }
}
