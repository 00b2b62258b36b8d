package io.tidemark.log;

import static io.tidemark.log.LogCalls.await;
import static io.tidemark.log.LogCalls.readToTail;

import io.tidemark.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/// What the contract suite needs to know of a provider, and what its tests share.
@Timeout(120)
public abstract class LogFixture {
  /// The log under test, fresh for every test.
  protected Log log;

  /// Opens a fresh, empty log whose trim gives up something after 400 records of 1 KiB.
  protected abstract Log open() throws Exception;

  /// The first position of the log under test.
  protected long first() {
    return Log.START;
  }

  /// Whether a flood of appends that nobody waits for meets a full queue.
  protected boolean overloads() {
    return false;
  }

  /// Whether the log is still there after it was closed.
  protected boolean survivesClose() {
    return false;
  }

  /// Opens the log of this test again, after it was closed.
  protected Log reopen() throws Exception {
    throw new UnsupportedOperationException("this provider forgets");
  }

  /// Opens the log under test.
  @BeforeEach
  final void openFresh() throws Exception {
    log = open();
  }

  /// Closes the log under test.
  @AfterEach
  final void closeAtTheEnd() {
    log.close();
  }

  /// A call that waits.
  protected interface Waiting<T> {
    /// Does it.
    T call() throws Exception;
  }

  /// Makes the call in a thread of its own, which has begun when this returns.
  protected static <T> CompletableFuture<T> inThread(Waiting<T> call) throws InterruptedException {
    var outcome = new CompletableFuture<T>();
    var begun = new CountDownLatch(1);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          begun.countDown();
          try {
            outcome.complete(call.call());
          } catch (Throwable failure) {
            outcome.completeExceptionally(failure);
          }
        });
    begun.await();
    return outcome;
  }

  /// Appends 400 records of 1 KiB and returns them.
  protected final List<LogRecord> fill() {
    for (int i = 0; i < 100; i++) {
      List<Bytes> batch = new ArrayList<>();
      for (int j = 0; j < 4; j++) {
        batch.add(Bytes.utf8("%04d ".formatted(4 * i + j).repeat(205)));
      }
      await(log.append(batch, Precondition.NONE));
    }
    return readToTail(log, first());
  }
}
