@NullMarked
package io.tidemark.server.operate;

import org.jspecify.annotations.NullMarked;
