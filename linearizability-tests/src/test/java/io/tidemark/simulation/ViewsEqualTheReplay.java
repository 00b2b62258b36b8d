package io.tidemark.simulation;

import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.KeyValue;
import java.util.List;
import java.util.function.Consumer;

/// Each key that was read, and each view in the end, is what the replay of the log gives.
final class ViewsEqualTheReplay implements Invariant {
  @Override
  public String rule() {
    return "I10: the view at a revision equals the replay of the log up to it";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    var reference = evidence.reference();
    for (ClientOperation operation : evidence.operations) {
      if (operation.asked() instanceof ClientOperation.Get(var key, _)
          && operation.ended() instanceof ClientOperation.Read(var found, long revision)) {
        List<KeyValue> expected = reference.get(key, revision).stream().toList();
        if (!found.equals(expected)) {
          violation.accept(operation + " should have read " + expected);
        }
      }
    }
    for (Evidence.FinalView view : evidence.finalViews) {
      var expected = reference.scan(KeyRange.ALL, view.applied() - 1);
      if (!List.copyOf(view.contents().values()).equals(expected)) {
        violation.accept(view + " should hold " + expected);
      }
    }
  }
}
