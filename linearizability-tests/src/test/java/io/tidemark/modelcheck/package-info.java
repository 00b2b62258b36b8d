/// Protocols as models: every state that a handful of processes can reach, looked at one by one.
///
/// **Promises** that a model is explored exhaustively within its bounds, the same way each time,
/// and that a broken rule is told with a shortest run that leads to it. A bound that is reached is
/// a failure, never a success. **Never** runs the product's code: a model says what a protocol's
/// rules are and what the world may do to them, and a planted flaw in the rules proves that the
/// model would show it. One thread, no chance. Tests use it. Start reading at [Model], then
/// [Checker]; the slot log's rules are in [AppendModel], [PipelineModel] and [TrimModel].
@NullMarked
package io.tidemark.modelcheck;

import org.jspecify.annotations.NullMarked;
