package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.LogRecord;
import io.tidemark.statemachine.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Everything that one run left behind, for the invariants to judge.
final class Evidence {
  /// A state of a view that readers could see.
  ///
  /// @param life the replica and how often it had been started
  record ViewState(String replica, int life, long applied, long hash) {}

  /// What a replica held when all was over.
  record FinalView(String replica, long applied, Map<Bytes, KeyValue> contents) {}

  final LogLedger ledger = new LogLedger();
  final List<ClientOperation> operations = new ArrayList<>();
  final List<ViewState> viewStates = new ArrayList<>();
  final List<FinalView> finalViews = new ArrayList<>();

  /// What should have happened in time after everything was healed, and did not.
  final List<String> notLive = new ArrayList<>();

  /// What no part of the product should ever do.
  final List<String> surprises = new ArrayList<>();

  /// Every record, from the first on, after the log was sealed.
  List<LogRecord> log = List.of();

  /// The tail that sealing the log answered.
  long sealedTail = 1;
}
