package io.tidemark.client;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// The pairs of a scan, fetched while they are walked over, a page ahead at most. It belongs to one
/// thread at a time; close it, or walk to its end.
///
/// [#hasNext] and [#next] wait for the server and fail with a [TidemarkException] as a read does.
public final class Scan implements Iterator<KeyValue>, AutoCloseable {
  private static final int PAGES_AHEAD = 2;

  /// What the network threads hand over.
  private sealed interface Event {}

  private record Page(ScanPage page) implements Event {}

  private record End() implements Event {}

  private record Failed(RuntimeException why) implements Event {}

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private Flow.@Nullable Subscription subscription;
  private Iterator<KeyValue> page = List.<KeyValue>of().iterator();
  private @Nullable ScanPage latest;
  private @Nullable Event last;

  Scan(Flow.Publisher<ScanPage> pages) {
    pages.subscribe(new Receiver());
  }

  @Override
  public boolean hasNext() {
    while (!page.hasNext()) {
      if (!nextPage()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public KeyValue next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the scan has ended");
    }
    return page.next();
  }

  /// The revision of the scan: every change up to it is in, and none after it. Waits for the first
  /// page.
  public long revision() {
    return firstPage().revision();
  }

  /// Whether the limit ended the scan and more keys follow; known at its end, false before.
  public boolean more() {
    return last instanceof End && latest != null && latest.more();
  }

  /// Ends the scan; does nothing where it has ended.
  @Override
  public void close() {
    if (subscription != null) {
      subscription.cancel();
    }
    if (last == null) {
      last = new End();
      page = List.<KeyValue>of().iterator();
    }
  }

  private ScanPage firstPage() {
    ScanPage first = latest;
    while (first == null) {
      if (!nextPage()) {
        throw new IllegalStateException("the scan was closed before its first page");
      }
      first = latest;
    }
    return first;
  }

  /// Goes on to the next page; false at the end.
  private boolean nextPage() {
    Event event = last == null ? take() : last;
    if (event instanceof Page next) {
      latest = next.page();
      page = next.page().pairs().iterator();
      if (subscription != null) {
        subscription.request(1);
      }
      return true;
    }
    last = event;
    if (event instanceof Failed failed) {
      throw failed.why();
    }
    return false;
  }

  private Event take() {
    try {
      return events.take();
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      close();
      return new Failed(new CancelledException("Scan: the thread was interrupted", interrupt));
    }
  }

  private final class Receiver implements Flow.Subscriber<ScanPage> {
    @Override
    public void onSubscribe(Flow.Subscription begun) {
      subscription = begun;
      begun.request(PAGES_AHEAD);
    }

    @Override
    public void onNext(ScanPage next) {
      events.add(new Page(next));
    }

    @Override
    public void onError(Throwable failure) {
      events.add(
          new Failed(
              failure instanceof RuntimeException known
                  ? known
                  : new IllegalStateException(failure)));
    }

    @Override
    public void onComplete() {
      events.add(new End());
    }
  }
}
