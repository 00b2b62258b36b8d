@NullMarked
package io.tidemark.checkpoint;

import org.jspecify.annotations.NullMarked;
