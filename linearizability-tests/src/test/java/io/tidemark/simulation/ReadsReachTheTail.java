package io.tidemark.simulation;

import io.tidemark.replica.ReadConsistency;
import java.util.function.Consumer;

/// A tail check, a linearizable read and a read at a revision include what they promise.
final class ReadsReachTheTail implements Invariant {
  @Override
  public String rule() {
    return "I6: a linearizable read includes everything acknowledged before it began";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    for (LogLedger.TailCheck check : evidence.ledger.tailChecks()) {
      if (check.answered() < check.acknowledgedBefore()) {
        violation.accept(check.toString());
      }
    }
    for (ClientOperation operation : evidence.operations) {
      if (!(operation.ended() instanceof ClientOperation.Read(_, long revision))) {
        continue;
      }
      long promised =
          switch (operation.asked()) {
            case ClientOperation.Get(_, ReadConsistency.AtLeast(long asked)) -> asked;
            case ClientOperation.Scan(_, ReadConsistency.AtLeast(long asked)) -> asked;
            case ClientOperation.Asked _ when operation.isLinearizableRead() ->
                operation.acknowledgedTail() - 1;
            case ClientOperation.Asked _ -> 0;
          };
      if (revision < promised) {
        violation.accept(operation + " lacks what is before " + (promised + 1));
      }
    }
  }
}
