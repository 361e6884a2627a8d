/** The only package that touches Delta Kernel: its Parquet reader and writer, for lakes without an engine. */
@NullMarked
package io.lakeops.delta.internal.kernel;

import org.jspecify.annotations.NullMarked;
