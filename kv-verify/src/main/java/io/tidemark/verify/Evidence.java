package io.tidemark.verify;

import io.tidemark.porcupine.Fault;
import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Operation;
import java.util.List;

/// What a load left behind, with its types.
///
/// @param mix the family's
/// @param history what the clients saw
/// @param faults what was done to the cluster meanwhile, by the clock of the history
record Evidence<I, O>(Mix<I, O> mix, History<I, O> history, List<Fault> faults) {
  Evidence {
    faults = List.copyOf(faults);
  }

  /// The operations of the load, without those before and after it.
  List<Operation<I, O>> load() {
    return history.operations().stream().filter(Notes::isUnderLoad).toList();
  }
}
