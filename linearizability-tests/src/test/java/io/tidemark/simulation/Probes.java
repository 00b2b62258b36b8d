package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.Log;
import io.tidemark.log.LogRecord;
import io.tidemark.statemachine.ProposalCodec;
import io.tidemark.statemachine.RequestId;
import io.tidemark.statemachine.Result;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// How often each [Probe] was met in one world: what the world noticed itself, and what can be told
/// from what it left behind.
final class Probes {
  private final Map<Probe, Long> met = new EnumMap<>(Probe.class);

  /// It was met once more.
  void met(Probe probe) {
    met.merge(probe, 1L, Long::sum);
  }

  /// Everything that was met in a world that came to its end.
  static Map<Probe, Long> of(Evidence evidence) {
    var probes = new Probes();
    probes.met.putAll(evidence.probes.met);
    if (evidence.isComplete) {
      probes.lookAtAppends(evidence);
      probes.lookAtRequests(evidence);
      probes.lookAtOperations(evidence);
      probes.lookAtViews(evidence);
      probes.lookAtOperator(evidence);
    }
    return probes.met;
  }

  private void lookAtAppends(Evidence evidence) {
    Set<Bytes> inLog = new HashSet<>();
    evidence.log.forEach(record -> inLog.add(record.payload()));
    for (LogLedger.Attempt attempt : evidence.ledger.attempts()) {
      boolean landed = inLog.contains(attempt.records().getFirst());
      switch (attempt.ending()) {
        case ACKNOWLEDGED -> {
          if (attempt.records().size() > 1) {
            met(Probe.BATCH_APPENDED);
          }
        }
        case MAYBE_APPENDED ->
            met(landed ? Probe.UNKNOWN_APPEND_LANDED : Probe.UNKNOWN_APPEND_LOST);
        case NOT_APPENDED -> met(attempt.wasFenced() ? Probe.APPEND_FENCED : Probe.APPEND_NOT_MADE);
        case OPEN -> {
          if (landed) {
            met(Probe.ORPHANED_APPEND_LANDED);
          }
        }
      }
    }
  }

  private void lookAtRequests(Evidence evidence) {
    Set<RequestId> seen = new HashSet<>();
    for (LogRecord record : evidence.log) {
      if (evidence.reference().result(record.position()) instanceof Result.Marked(_, var effective)
          && !effective) {
        met(Probe.MARK_REFUSED);
      }
      ProposalCodec.decode(record.payload())
          .requestId()
          .filter(request -> !seen.add(request))
          .ifPresent(_ -> met(Probe.REQUEST_TWICE_IN_LOG));
    }
  }

  private void lookAtOperations(Evidence evidence) {
    Set<Integer> effective = new HashSet<>();
    for (LogRecord record : evidence.log) {
      effective.addAll(Values.operationsIn(ProposalCodec.decode(record.payload()).command()));
    }
    for (ClientOperation operation : evidence.operations) {
      switch (operation.ended()) {
        case ClientOperation.Unknown _ ->
            met(
                effective.contains(operation.id())
                    ? Probe.UNKNOWN_WRITE_TOOK_EFFECT
                    : Probe.UNKNOWN_WRITE_LOST);
        case ClientOperation.Wrote(Result.Decided decided) when !decided.succeeded() ->
            met(Probe.CONDITION_REFUSED);
        case ClientOperation.Read(_, long revision)
            when !operation.isLinearizableRead() && revision + 1 < operation.acknowledgedTail() ->
            met(Probe.LOCAL_READ_WAS_BEHIND);
        case ClientOperation.Wrote _, ClientOperation.Read _, ClientOperation.Failed _ -> {}
      }
    }
  }

  private void lookAtViews(Evidence evidence) {
    Map<String, Evidence.ViewState> last = new HashMap<>();
    for (Evidence.ViewState state : evidence.viewStates) {
      Evidence.ViewState before = last.put(state.replica(), state);
      if (before != null && before.life() != state.life()) {
        met(state.applied() < before.applied() ? Probe.VIEW_WENT_BACK : Probe.VIEW_WENT_ON);
      }
    }
  }

  private void lookAtOperator(Evidence evidence) {
    for (LogRecord record : evidence.log) {
      if (ProposalCodec.decode(record.payload()).proposer() == Operator.PROPOSER
          && evidence.fences.stream()
              .anyMatch(
                  fence -> fence.from() <= record.position() && record.position() < fence.to())) {
        met(Probe.OWNER_WROTE);
      }
    }
    long point = Log.START;
    for (Evidence.Trim trim : evidence.trims) {
      if (trim.told() > point) {
        met(Probe.TRIMMED);
        point = trim.told();
      }
    }
    for (Evidence.OwnTrim trim : evidence.ownTrims) {
      if (trim.told() > point) {
        met(Probe.TRIMMED_BY_REPLICA);
        point = trim.told();
      }
    }
    evidence.built.stream()
        .filter(built -> built.position() > Log.START)
        .forEach(_ -> met(Probe.VIEW_BUILT));
    evidence.latecomers.stream()
        .filter(Evidence.Latecomer::told)
        .forEach(_ -> met(Probe.READER_TOLD_OF_TRIM));
  }
}
