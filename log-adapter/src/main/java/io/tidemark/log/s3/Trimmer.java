package io.tidemark.log.s3;

import io.tidemark.log.LogException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves the beginning of the log, and deletes what lies before it.
///
/// A marker says where the log begins; it is written before anything is deleted and never taken
/// back. This process deletes what lies before a marker only when it has known that marker for the
/// whole trim delay. Nobody else ever deletes a slot. An object that a request long under way
/// brings back is deleted the next time; nobody reads it meanwhile.
///
/// Runs in the log's mailbox.
final class Trimmer {
  private static final Logger LOG = LoggerFactory.getLogger(Trimmer.class);

  private final ObjectStore store;
  private final Markers.Identity identity;
  private final Mailbox mailbox;
  private final TrimChain chain;
  private final SlotTail tail;
  private final SlotLogConfig config;
  private boolean collecting;

  Trimmer(
      ObjectStore store,
      Markers.Identity identity,
      Mailbox mailbox,
      TrimChain chain,
      SlotTail tail,
      SlotLogConfig config) {
    this.store = store;
    this.identity = identity;
    this.mailbox = mailbox;
    this.chain = chain;
    this.tail = tail;
    this.config = config;
  }

  /// The log begins at or before the slot of this position from now on, if that is further than
  /// where it began. The last slot always stays: it says what a newcomer must know.
  void trim(long upTo, CompletableFuture<Long> answer) {
    chain.whenFresh(why -> {
      if (why != null) {
        answer.completeExceptionally(why);
        return;
      }
      long slot = Math.min(Positions.slot(Math.max(upTo, 1)), tail.next() - 1);
      if (slot <= chain.slot()) {
        answer.complete(Positions.of(chain.slot()));
      } else {
        ground(slot, answer);
      }
    });
  }

  // A chain is not cut in two: who begins to read at the trim point must be able to judge it.
  private void ground(long slot, CompletableFuture<Long> answer) {
    Reply.ofSlot(store, identity.log(), slot, mailbox, reply -> grounded(slot, answer, reply));
  }

  private void grounded(long slot, CompletableFuture<Long> answer, Reply<Slot> reply) {
    switch (reply) {
      case Reply.Failed(var why) ->
          answer.completeExceptionally(Failures.unavailable("trimming", why));
      case Reply.Damaged(var why) -> answer.completeExceptionally(why);
      // Another trimmer was further.
      case Reply.Absent() -> answer.complete(Positions.of(chain.slot()));
      case Reply.Found(var found) -> {
        long base = found.base();
        if (base < slot) {
          ground(base, answer);
        } else if (base <= chain.slot()) {
          answer.complete(Positions.of(chain.slot()));
        } else {
          mark(base, answer);
        }
      }
    }
  }

  private void mark(long slot, CompletableFuture<Long> answer) {
    var maker = config.seams().newId().get();
    var marker = new Markers.Trim(identity.log(), chain.markers() + 1, maker, slot);
    put(marker, answer);
  }

  private void put(Markers.Trim marker, CompletableFuture<Long> answer) {
    var _ =
        store
            .putIfAbsent(Names.marker(marker.number()), marker.encode())
            .whenComplete((creation, failure) ->
                mailbox.put(() -> {
                  switch (creation) {
                    case null ->
                        answer.completeExceptionally(Failures.unavailable("trimming", failure));
                    case ObjectStore.Creation.Created() -> marked(marker, answer);
                    case ObjectStore.Creation.Exists() -> meet(marker, answer);
                    case ObjectStore.Creation.Undecided(String why, _) ->
                        // A marker that lands after all does no harm: what it names was not
                        // needed any more.
                        answer.completeExceptionally(
                            new LogException.Unavailable("trimming failed: " + why, null));
                  }
                }));
  }

  private void marked(Markers.Trim marker, CompletableFuture<Long> answer) {
    chain.met(marker);
    tail.skipTrimmed();
    answer.complete(Positions.of(chain.slot()));
    collectLater();
  }

  private void meet(Markers.Trim mine, CompletableFuture<Long> answer) {
    Reply.ofMarker(
        store,
        identity.log(),
        mine.number(),
        mailbox,
        reply -> {
          switch (reply) {
            case Reply.Failed(var why) ->
                answer.completeExceptionally(Failures.unavailable("trimming", why));
            case Reply.Damaged(var why) -> answer.completeExceptionally(why);
            case Reply.Absent() ->
                answer.completeExceptionally(
                    new LogException.Unavailable(
                        "trim marker " + Names.marker(mine.number()) + " is not readable", null));
            case Reply.Found(var marker) -> {
              chain.met(marker);
              tail.skipTrimmed();
              trim(Positions.of(mine.slot()), answer);
            }
          }
        });
  }

  /// Deletes what lies before the log's beginning, once that is old enough.
  void collectLater() {
    if (collecting || chain.slot() == identity.first()) {
      return;
    }
    collecting = true;
    long known = chain.slot();
    config
        .seams()
        .timers()
        .after(config.trimDelay(), () -> mailbox.put(() -> collect(known, Optional.empty())));
  }

  private void collect(long known, Optional<String> after) {
    var _ =
        store
            .list(Names.SLOTS, after)
            .whenComplete((page, failure) ->
                mailbox.put(() -> {
                  if (page == null) {
                    end(known, failure);
                  } else {
                    delete(known, page);
                  }
                }));
  }

  private void delete(long known, ObjectStore.Page page) {
    var old = new ArrayList<String>();
    for (String key : page.keys()) {
      OptionalLong slot = Names.slotOf(key);
      if (slot.isPresent() && slot.getAsLong() < known) {
        old.add(key);
      }
    }
    delete(known, old, page.next());
  }

  private void delete(long known, List<String> old, Optional<String> next) {
    if (old.isEmpty()) {
      if (next.isPresent()) {
        collect(known, next);
      } else {
        end(known, null);
      }
      return;
    }
    var some = old.subList(0, Math.min(old.size(), ObjectStore.DELETE_KEYS_MAX));
    var rest = old.subList(some.size(), old.size());
    var _ =
        store
            .delete(List.copyOf(some))
            .whenComplete((_, failure) ->
                mailbox.put(() -> {
                  if (failure != null) {
                    end(known, failure);
                  } else {
                    delete(known, rest, next);
                  }
                }));
  }

  private void end(long known, @Nullable Throwable failure) {
    collecting = false;
    if (failure != null) {
      LOG.warn(
          "deleting what was trimmed from {} failed and is tried again: {}",
          store,
          String.valueOf(Failures.cause(failure)));
    }
    if (failure != null || chain.slot() > known) {
      collectLater();
    }
  }
}
