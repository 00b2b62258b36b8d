@NullMarked
package io.tidemark.parquet;

import org.jspecify.annotations.NullMarked;
