@NullMarked
package io.tidemark.log.s3;

import org.jspecify.annotations.NullMarked;
