package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.Log;
import io.tidemark.log.LogRecord;
import io.tidemark.statemachine.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that one run left behind, for the invariants to judge.
final class Evidence {
  /// A state of a view that readers could see.
  ///
  /// @param life the replica and how often it had been started
  record ViewState(String replica, int life, long applied, long hash) {}

  /// What a replica held when all was over.
  record FinalView(String replica, long applied, Map<Bytes, KeyValue> contents) {}

  /// From the first position to the second, only the owner of a fence could write.
  record Fence(long from, long to) {}

  /// A trim.
  ///
  /// @param needed the first position that some replica might still have to read
  /// @param asked up to where to trim
  /// @param told the trim point that was answered
  record Trim(long needed, long asked, long told) {}

  /// A reader that begins where there may be nothing any more.
  ///
  /// @param from where it began
  /// @param at the first record that it was given, or the trim point that it was told
  /// @param told whether it was told that what it asked for was trimmed
  record Latecomer(long from, long at, boolean told) {}

  final LogLedger ledger = new LogLedger();
  final Probes probes = new Probes();
  final List<ClientOperation> operations = new ArrayList<>();
  final List<ViewState> viewStates = new ArrayList<>();
  final List<FinalView> finalViews = new ArrayList<>();

  final List<Fence> fences = new ArrayList<>();
  final List<Trim> trims = new ArrayList<>();
  final List<Latecomer> latecomers = new ArrayList<>();

  /// The last trim point that anybody was told.
  long trimPoint() {
    return trims.stream().mapToLong(Trim::told).max().orElse(Log.START);
  }

  /// What stood in the log before it was trimmed, in order.
  final List<LogRecord> archive = new ArrayList<>();

  /// What should have happened in time after everything was healed, and did not.
  final List<String> notLive = new ArrayList<>();

  /// What no part of the product should ever do.
  final List<String> surprises = new ArrayList<>();

  /// Whether the run came to its end, and the log was read.
  boolean isComplete;

  /// Every record, from the first on, after the log was sealed.
  List<LogRecord> log = List.of();

  private @Nullable Reference reference;
  private List<LogRecord> referenceOf = List.of();

  /// What the log means.
  Reference reference() {
    Reference known = reference;
    if (known == null || !log.equals(referenceOf)) {
      known = Reference.of(log);
      reference = known;
      referenceOf = log;
    }
    return known;
  }

  /// Whether there may be positions without a record.
  boolean isSparse;

  /// The tail that sealing the log answered.
  long sealedTail = 1;
}
