package io.tidemark.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.function.Consumer;

/// The witness: writes at their position and linearizable reads just behind the last they include
/// are in an order that real time allows. Together with I9 to I11 that is a proof.
final class RealTimeIsKept implements Invariant {
  @Override
  public String rule() {
    return "strict serializability: what ended before another began comes before it in the log";
  }

  private record Placed(ClientOperation operation, long key) {}

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    var placed = new ArrayList<Placed>();
    for (ClientOperation operation : evidence.operations) {
      if (operation.ended() instanceof ClientOperation.Wrote(var result)) {
        placed.add(new Placed(operation, 2 * Values.revisionOf(result)));
      } else if (operation.ended() instanceof ClientOperation.Read(_, long revision)
          && operation.isLinearizableRead()) {
        placed.add(new Placed(operation, 2 * revision + 1));
      }
    }
    var byReturn = new ArrayList<>(placed);
    byReturn.sort(Comparator.comparingLong(each -> each.operation.returnedNanos()));
    placed.sort(Comparator.comparingLong(each -> each.operation.calledNanos()));
    Placed greatest = null;
    int returned = 0;
    for (Placed called : placed) {
      while (returned < byReturn.size()
          && byReturn.get(returned).operation.returnedNanos() < called.operation.calledNanos()) {
        Placed ended = byReturn.get(returned++);
        greatest = greatest == null || ended.key > greatest.key ? ended : greatest;
      }
      if (greatest != null && called.key < greatest.key) {
        violation.accept(called.operation + " comes before " + greatest.operation);
      }
    }
  }
}
