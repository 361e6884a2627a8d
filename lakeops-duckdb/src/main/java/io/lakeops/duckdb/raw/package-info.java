/** Raw text files as records: where each begins, what its fields say, and why it is none. */
@NullMarked
package io.lakeops.duckdb.raw;

import org.jspecify.annotations.NullMarked;
