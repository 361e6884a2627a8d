/** Raw files that no engine reads by itself, staged as Parquet. */
@NullMarked
package io.lakeops.formats;

import org.jspecify.annotations.NullMarked;
