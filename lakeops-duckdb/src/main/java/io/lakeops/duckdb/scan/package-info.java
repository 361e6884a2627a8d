/** A snapshot of a table as one SELECT that reads its data files exactly. */
@NullMarked
package io.lakeops.duckdb.scan;

import org.jspecify.annotations.NullMarked;
