/// Models of the things that databases and logs offer, ready to check against.
///
/// **Promises** that each has at least one legal and one illegal history in the tests, and that an
/// answer that is not known (null) is accepted wherever some answer would be. **Never** keeps state
/// of its own: a model is a value. Any thread may use it. Start reading at [Register].
@NullMarked
package io.tidemark.porcupine.model;

import org.jspecify.annotations.NullMarked;
