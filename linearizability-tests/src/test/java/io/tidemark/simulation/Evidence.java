package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.Log;
import io.tidemark.log.LogRecord;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.ViewStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
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

  /// A trim that a replica asked for by itself.
  ///
  /// @param asked up to where
  /// @param allowed up to where it could be trimmed when it was asked for
  /// @param told the trim point that was answered
  /// @param allowedThen up to where it could be trimmed when that was answered
  record OwnTrim(String replica, long asked, long allowed, long told, long allowedThen) {}

  /// A checkpoint that was complete.
  record Checkpoint(long position, ViewStore.Written written) {}

  /// A view that was built from the store of checkpoints and nothing else.
  ///
  /// @param trimPoint where the log began, a little before
  /// @param position of the checkpoint, the first of the log if there was none
  record Built(long trimPoint, long position, Map<Bytes, KeyValue> contents) {}

  final LogLedger ledger = new LogLedger();
  final Probes probes = new Probes();
  final List<ClientOperation> operations = new ArrayList<>();
  final List<ViewState> viewStates = new ArrayList<>();
  final List<FinalView> finalViews = new ArrayList<>();

  final List<Fence> fences = new ArrayList<>();
  final List<Trim> trims = new ArrayList<>();
  final List<Latecomer> latecomers = new ArrayList<>();
  final List<OwnTrim> ownTrims = new ArrayList<>();
  final List<Checkpoint> checkpoints = new ArrayList<>();
  final List<Built> built = new ArrayList<>();

  /// What was wrong about a checkpoint on the spot.
  final List<String> brokenCheckpoints = new ArrayList<>();

  /// The last trim point that anybody was told.
  long trimPoint() {
    return LongStream.concat(
            trims.stream().mapToLong(Trim::told), ownTrims.stream().mapToLong(OwnTrim::told))
        .max()
        .orElse(Log.START);
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
