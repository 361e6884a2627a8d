/** The Delta table format. */
@NullMarked
package io.lakeops.delta;

import org.jspecify.annotations.NullMarked;
