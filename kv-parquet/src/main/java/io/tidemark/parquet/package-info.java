/// Pairs of a database as a Parquet file, which DuckDB, pandas, Spark and the like read.
///
/// **Promises** a file that is whole or not there, in a memory that does not grow with it.
/// **Never** starts Hadoop: of Apache's writer it uses what does without. One thread writes a file.
///
/// Start reading at [PairsFile].
@NullMarked
package io.tidemark.parquet;

import org.jspecify.annotations.NullMarked;
