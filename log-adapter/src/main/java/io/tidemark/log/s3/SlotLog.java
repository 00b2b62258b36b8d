package io.tidemark.log.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.base.Bytes;
import io.tidemark.log.AppendRules;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogCost;
import io.tidemark.log.LogCost.Purpose;
import io.tidemark.log.LogException;
import io.tidemark.log.LogExistsException;
import io.tidemark.log.LogInfo;
import io.tidemark.log.LogReader;
import io.tidemark.log.Precondition;
import io.tidemark.log.Tail;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A log in an object store, written and read by any number of processes at once.
///
/// The log is a row of *slots*, immutable objects that are created if there is none of that name,
/// one after the other without a gap. Whoever creates a slot has appended; of several who try, one
/// wins, and the others go on behind it. Nothing else decides anything: no process knows of any
/// other, and one that stops, sleeps or comes back after a week changes nothing for the rest.
///
/// ```text
///   LOG     slots/...1   slots/...2   slots/...3      ?          trim/1
///            3 records    1 record     9 records   404 = tail
/// ```
///
/// What runs in here runs in one [Mailbox]; readers have their own threads.
public final class SlotLog implements Log {
  private static final Logger LOGGER = LoggerFactory.getLogger(SlotLog.class);

  private final ObjectStore store;
  private final Meter meter;
  private final SlotLogConfig config;
  private final Markers.Identity identity;
  private final Mailbox mailbox = new Mailbox(this::broken);
  private final TrimChain chain;
  private final Shown shown;
  private final SlotTail tail;
  private final SlotWriter writer;
  private final Trimmer trimmer;
  private final ReentrantLock readersLock = new ReentrantLock();
  private final Set<SlotReader> readers = new LinkedHashSet<>();

  private volatile boolean closed;
  private volatile Runnable closedFirst = () -> {};

  private SlotLog(ObjectStore store, Meter meter, SlotLogConfig config, Markers.Identity identity) {
    this.store = store;
    this.meter = meter;
    this.config = config;
    this.identity = identity;
    UUID log = identity.log();
    ObjectStore upkeep = meter.store(Purpose.UPKEEP);
    this.chain =
        new TrimChain(upkeep, identity, mailbox, config.seams().clock(), config.trimDelay());
    // The mailbox runs this after the constructor.
    this.shown = new Shown(config.reading().recentBytesMax(), this::readerAtTail);
    this.tail = new SlotTail(meter, log, mailbox, chain, shown, config);
    this.writer = new SlotWriter(meter, log, mailbox, chain, tail, config);
    this.trimmer = new Trimmer(upkeep, identity, mailbox, chain, tail, config);
  }

  /// Opens the log in this store, and creates it where there is none. Blocks until the store has
  /// shown that it is fit, and the log's tail was found.
  ///
  /// @param store closed with the log, also when it does not open
  /// @throws LogException.Unavailable if the store refuses, does not answer in time, or is not fit
  ///   to keep a log; the message says what to do
  /// @throws LogException.Corrupt if what is there is no log, or damaged
  public static SlotLog open(ObjectStore store, SlotLogConfig config) {
    return open(store, config, Opening::identity);
  }

  /// Creates a log in this store whose first position is the first of a slot at or after `first`,
  /// and opens it.
  ///
  /// @param store closed with the log, also when it is not created
  /// @throws LogExistsException if there is a log already, or another process creates one meanwhile
  /// @throws LogException as above
  /// @throws IllegalArgumentException if no log may begin there
  public static SlotLog create(ObjectStore store, SlotLogConfig config, long first) {
    long slot = Positions.slotFrom(AppendRules.checkFirstPosition(first));
    return open(store, config, opening -> opening.newIdentity(slot));
  }

  private static SlotLog open(
      ObjectStore store, SlotLogConfig config, Function<Opening, Markers.Identity> identity) {
    try {
      var meter = new Meter(store, config);
      var opening = new Opening(meter.store(Purpose.UPKEEP), config);
      var log = new SlotLog(store, meter, config, identity.apply(opening));
      opening.ask("looking for the tail", log::findTail);
      log.mailbox.put(log.trimmer::collectLater);
      return log;
    } catch (LogException | LogExistsException | Error failure) {
      store.close();
      config.seams().timers().close();
      throw failure;
    }
  }

  private CompletableFuture<Long> findTail() {
    var found = new CompletableFuture<Long>();
    mailbox.put(() ->
        chain.whenFresh(why -> {
          if (why != null) {
            found.completeExceptionally(why);
            return;
          }
          var _ =
              new Gallop(meter.store(Purpose.UPKEEP), identity.log(), chain.slot())
                  .begin()
                  .whenComplete((slot, failure) ->
                      mailbox.put(() -> {
                        if (slot == null) {
                          found.completeExceptionally(
                              Failures.unavailable("looking for the tail", failure));
                          return;
                        }
                        tail.startAt(slot);
                        tail.board(
                            Purpose.UPKEEP,
                            (end, unproven) -> {
                              if (unproven == null) {
                                found.complete(end);
                              } else {
                                found.completeExceptionally(unproven);
                              }
                            });
                      }));
        }));
    return found;
  }

  private void readerAtTail() {
    mailbox.put(tail::pollWhileRead);
  }

  @Override
  public CompletableFuture<LogInfo> describe() {
    var answer = new CompletableFuture<LogInfo>();
    turn(
        answer,
        () ->
            chain.whenFresh(why -> {
              if (why != null) {
                answer.completeExceptionally(why);
              } else {
                answer.complete(info());
              }
            }));
    return answer;
  }

  private LogInfo info() {
    return new LogInfo(
        identity.log(),
        "s3",
        Positions.of(chain.slot()),
        config.limits().recordBytesMax(),
        config.limits().batchBytesMax());
  }

  /// Other writers may hand their appends over at this address, where the owner serves [#forPeers];
  /// every slot says so from now on.
  ///
  /// @param address `HOST:PORT`, as the other writers reach it
  /// @throws IllegalArgumentException if it is longer than a slot has room for
  public void announce(String address) {
    if (address.getBytes(UTF_8).length > Slot.ADDRESS_BYTES_MAX) {
      throw new IllegalArgumentException("an address has at most 512 bytes: " + address);
    }
    mailbox.put(() -> writer.announce(address));
  }

  /// This log as other writers may use it to hand over appends, which are not handed on. Closing it
  /// does nothing.
  public Log forPeers() {
    return new PeersLog(this);
  }

  @Override
  public CompletableFuture<Appended> append(List<Bytes> records, Precondition precondition) {
    return append(records, precondition, false);
  }

  /// @param fromPeer whether another writer hands them over
  CompletableFuture<Appended> append(
      List<Bytes> records, Precondition precondition, boolean fromPeer) {
    int bytes;
    try {
      bytes =
          AppendRules.checkSize(
              records, config.limits().recordBytesMax(), config.limits().batchBytesMax());
    } catch (LogException.TooLarge tooLarge) {
      return CompletableFuture.failedFuture(tooLarge);
    }
    long began = config.seams().clock().nanoTime();
    long deadline = began + config.timeouts().append().toNanos();
    var append = new Append(records, bytes, precondition, began, deadline, fromPeer);
    turn(append.answer, () -> writer.append(append));
    return append.answer;
  }

  @Override
  public CompletableFuture<Tail> checkTail() {
    var answer = new CompletableFuture<Tail>();
    turn(
        answer,
        () ->
            tail.board(
                Purpose.TAIL,
                (slot, why) -> {
                  if (why != null) {
                    answer.completeExceptionally(why);
                  } else if (tail.sealSlot() >= 0 && slot >= tail.sealSlot()) {
                    answer.complete(new Tail.Sealed(Positions.of(tail.sealSlot())));
                  } else {
                    answer.complete(new Tail.Open(Positions.of(slot)));
                  }
                }));
    return answer;
  }

  @Override
  public LogReader read(long from) {
    var reader =
        new SlotReader(
            meter.store(Purpose.FOLLOW),
            identity.log(),
            shown,
            mailbox,
            chain,
            config,
            AppendRules.checkFrom(from),
            this::forget);
    readersLock.lock();
    try {
      if (closed) {
        reader.close();
      } else {
        readers.add(reader);
      }
    } finally {
      readersLock.unlock();
    }
    return reader;
  }

  private void forget(SlotReader reader) {
    readersLock.lock();
    try {
      readers.remove(reader);
    } finally {
      readersLock.unlock();
    }
  }

  @Override
  public CompletableFuture<Long> trim(long upTo) {
    var answer = new CompletableFuture<Long>();
    turn(answer, () -> trimmer.trim(upTo, answer));
    return answer;
  }

  @Override
  public CompletableFuture<Tail.Sealed> seal() {
    var answer = new CompletableFuture<Tail.Sealed>();
    turn(
        answer,
        () ->
            writer.say(
                new Slot.Content.Seal(),
                () -> answer.complete(new Tail.Sealed(Positions.of(tail.sealSlot()))),
                why -> {
                  if (why instanceof LogException.Sealed sealed) {
                    answer.complete(new Tail.Sealed(sealed.tail()));
                  } else {
                    answer.completeExceptionally(why);
                  }
                }));
    return answer;
  }

  @Override
  public CompletableFuture<Void> fence(Bytes token) {
    var answer = new CompletableFuture<Void>();
    try {
      AppendRules.checkToken(token);
    } catch (LogException.TooLarge tooLarge) {
      return CompletableFuture.failedFuture(tooLarge);
    }
    turn(
        answer,
        () ->
            writer.say(
                new Slot.Content.Fence(token),
                () -> answer.complete(null),
                answer::completeExceptionally));
    return answer;
  }

  @Override
  public Optional<LogCost> cost() {
    return Optional.of(meter.cost());
  }

  private void turn(CompletableFuture<?> answer, Runnable turn) {
    mailbox.put(() -> {
      if (closed) {
        answer.completeExceptionally(new LogException.Closed(toString()));
      } else {
        turn.run();
      }
    });
  }

  // The code is wrong: nothing that this log says can be relied on.
  private void broken(Throwable rule) {
    LOGGER.error("{} is stopped, because a rule of it was broken", this, rule);
    stop(new LogException.Unavailable(this + " was stopped: " + rule.getMessage(), rule));
  }

  private void stop(LogException why) {
    closed = true;
    writer.close(why);
    tail.close(why);
    shown.close(why);
  }

  /// What is to be closed before this log, by whoever closes it.
  void closeFirst(Runnable close) {
    closedFirst = close;
  }

  @Override
  public void close() {
    closedFirst.run();
    var done = new CompletableFuture<Void>();
    mailbox.put(() -> {
      if (!closed) {
        stop(new LogException.Closed(toString()));
      }
      done.complete(null);
    });
    done.join();
    List<SlotReader> open;
    readersLock.lock();
    try {
      open = new ArrayList<>(readers);
    } finally {
      readersLock.unlock();
    }
    open.forEach(SlotReader::close);
    config.seams().timers().close();
    store.close();
  }

  @Override
  public String toString() {
    return "the log in " + store;
  }
}
