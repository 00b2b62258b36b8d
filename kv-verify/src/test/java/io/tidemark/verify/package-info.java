/// Loads on clusters in memory, honest and lying; records that prove too little; harnesses that are
/// broken on purpose.
@NullMarked
package io.tidemark.verify;

import org.jspecify.annotations.NullMarked;
