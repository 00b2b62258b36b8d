package io.tidemark.log.s3;

import io.tidemark.base.Bytes;
import io.tidemark.log.LogCost;
import io.tidemark.log.LogCost.Kind;
import io.tidemark.log.LogCost.Purpose;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Counts what is asked of a store, and for what, as a bill would list it, and has it paid from the
/// budget. Any thread may call.
final class Meter {
  private record Row(Purpose purpose, Kind kind) {}

  /// What is asked, and for what; nothing else ever is.
  private static final List<Row> ROWS =
      List.of(
          new Row(Purpose.APPEND, Kind.PUT),
          new Row(Purpose.APPEND, Kind.GET),
          new Row(Purpose.TAIL, Kind.GET),
          new Row(Purpose.FOLLOW, Kind.GET),
          new Row(Purpose.UPKEEP, Kind.PUT),
          new Row(Purpose.UPKEEP, Kind.GET),
          new Row(Purpose.UPKEEP, Kind.LIST),
          new Row(Purpose.UPKEEP, Kind.DELETE));

  private static final class Adders {
    final LongAdder requests = new LongAdder();
    final LongAdder missed = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder throttled = new LongAdder();
    final LongAdder bytesSent = new LongAdder();
    final LongAdder bytesReceived = new LongAdder();

    LogCost.Count count() {
      return new LogCost.Count(
          requests.sum(),
          missed.sum(),
          failed.sum(),
          throttled.sum(),
          bytesSent.sum(),
          bytesReceived.sum());
    }
  }

  private final ObjectStore store;
  private final Prices prices;
  private final OptionalDouble budget;
  private final Governor governor;
  private final Map<Row, Adders> rows = new LinkedHashMap<>();
  private final LongAdder recordsAppended = new LongAdder();

  Meter(ObjectStore store, SlotLogConfig config) {
    this.store = store;
    this.prices = config.cost().prices();
    this.budget = config.cost().budget().stream().mapToDouble(Budget::dollarsPerHour).findFirst();
    this.governor = new Governor(config.cost().budget(), config.seams().clock());
    ROWS.forEach(row -> rows.put(row, new Adders()));
  }

  /// The store, for one purpose. Closing it closes the store.
  ObjectStore store(Purpose purpose) {
    return new Metered(purpose);
  }

  /// Makes wait what can wait.
  Governor governor() {
    return governor;
  }

  /// So many records were put into the log and acknowledged.
  void appended(long records) {
    recordsAppended.add(records);
  }

  /// What was asked so far.
  LogCost cost() {
    return new LogCost(ROWS.stream().map(this::line).toList(), recordsAppended.sum(), budget);
  }

  private LogCost.Line line(Row row) {
    LogCost.Count count = adders(row).count();
    double dollars =
        prices.dollars(row.kind, count.requests(), count.bytesSent(), count.bytesReceived());
    return new LogCost.Line(row.purpose, row.kind, count, dollars);
  }

  private Adders adders(Row row) {
    return Objects.requireNonNull(rows.get(row), row::toString);
  }

  private final class Metered implements ObjectStore {
    private final Purpose purpose;

    Metered(Purpose purpose) {
      this.purpose = purpose;
    }

    @Override
    public CompletableFuture<Creation> putIfAbsent(String key, Bytes body) {
      Adders adders = sent(Kind.PUT, body.length());
      return store
          .putIfAbsent(key, body)
          .whenComplete((creation, failure) -> {
            switch (creation) {
              case null -> failed(adders, failure);
              case Creation.Created() -> {}
              case Creation.Exists() -> adders.missed.increment();
              case Creation.Undecided(_, boolean throttled) -> failed(adders, throttled);
            }
          });
    }

    @Override
    public CompletableFuture<Optional<Bytes>> get(String key) {
      Adders adders = sent(Kind.GET, 0);
      return store
          .get(key)
          .whenComplete((found, failure) -> {
            if (failure != null) {
              failed(adders, failure);
            } else if (found.isEmpty()) {
              adders.missed.increment();
            } else {
              int bytes = found.get().length();
              adders.bytesReceived.add(bytes);
              governor.spent(prices.dollars(Kind.GET, 0, 0, bytes));
            }
          });
    }

    @Override
    public CompletableFuture<Page> list(String prefix, Optional<String> after) {
      Adders adders = sent(Kind.LIST, 0);
      return store.list(prefix, after).whenComplete((_, failure) -> failed(adders, failure));
    }

    @Override
    public CompletableFuture<Void> delete(List<String> keys) {
      Adders adders = sent(Kind.DELETE, 0);
      return store.delete(keys).whenComplete((_, failure) -> failed(adders, failure));
    }

    private Adders sent(Kind kind, long bytes) {
      Adders adders = adders(new Row(purpose, kind));
      adders.requests.increment();
      adders.bytesSent.add(bytes);
      governor.spent(prices.dollars(kind, 1, bytes, 0));
      return adders;
    }

    private static void failed(Adders adders, @Nullable Throwable failure) {
      if (failure != null) {
        failed(adders, Failures.isThrottled(failure));
      }
    }

    private static void failed(Adders adders, boolean throttled) {
      adders.failed.increment();
      if (throttled) {
        adders.throttled.increment();
      }
    }

    @Override
    public void close() {
      store.close();
    }

    @Override
    public String toString() {
      return store.toString();
    }
  }
}
