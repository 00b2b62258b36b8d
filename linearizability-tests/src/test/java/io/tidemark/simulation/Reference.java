package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.LogRecord;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.Proposal;
import io.tidemark.statemachine.ProposalCodec;
import io.tidemark.statemachine.RequestId;
import io.tidemark.statemachine.Result;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a log means, worked out a second time and as plainly as possible: what every key held at
/// every revision, and the answer to every record. It forgets nothing.
final class Reference {
  private final TreeMap<Long, Contents> states = new TreeMap<>();
  private final TreeMap<Long, Result> results = new TreeMap<>();
  private final TreeMap<Long, Proposal> proposals = new TreeMap<>();
  private final Map<RequestId, Long> effective = new HashMap<>();
  private final Set<Long> sessions = new HashSet<>();
  private final Set<Long> marks = new HashSet<>();

  private Reference() {}

  /// Replays the records of a log from its begin.
  static Reference of(List<LogRecord> log) {
    var reference = new Reference();
    for (LogRecord record : log) {
      reference.apply(record.position(), ProposalCodec.decode(record.payload()));
    }
    return reference;
  }

  /// What the record at this position asks for.
  @Nullable Proposal proposal(long position) {
    return proposals.get(position);
  }

  Map<Long, Proposal> proposals() {
    return proposals;
  }

  /// The answer to the record at this position.
  @Nullable Result result(long position) {
    return results.get(position);
  }

  /// Where a request took effect, or null if it did not.
  @Nullable Long effectOf(RequestId request) {
    return effective.get(request);
  }

  /// Where marks took effect.
  Set<Long> marks() {
    return marks;
  }

  /// What a key holds when everything up to this revision is folded in.
  Optional<KeyValue> get(Bytes key, long revision) {
    return at(revision).get(key);
  }

  /// What a range holds when everything up to this revision is folded in.
  List<KeyValue> scan(KeyRange range, long revision) {
    return at(revision).scan(range);
  }

  private Contents at(long revision) {
    var last = states.floorEntry(revision);
    return last == null ? Contents.empty() : last.getValue();
  }

  private void apply(long position, Proposal proposal) {
    proposals.put(position, proposal);
    Result result =
        proposal
            .requestId()
            .map(request -> answer(request, position, proposal.command()))
            .orElseGet(() -> perform(position, proposal.command()));
    results.put(position, result);
  }

  private Result answer(RequestId request, long position, Command command) {
    if (!sessions.contains(request.session())) {
      return new Result.SessionUnknown(request.session());
    }
    Long before = effective.get(request);
    if (before != null) {
      Result remembered = results.get(before);
      if (remembered == null) {
        throw new AssertionError("what took effect has a result");
      }
      return remembered;
    }
    effective.put(request, position);
    return perform(position, command);
  }

  private Result perform(long position, Command command) {
    if (command instanceof Command.OpenSession) {
      sessions.add(position);
    }
    Contents contents = at(position).copy();
    states.put(position, contents);
    Result result = contents.perform(position, command);
    if (result instanceof Result.Marked(_, boolean effective) && effective) {
      marks.add(position);
    }
    return result;
  }
}
