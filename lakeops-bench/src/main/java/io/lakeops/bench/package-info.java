/** Whole operations measured beside the physical floor, in one run. */
@NullMarked
package io.lakeops.bench;

import org.jspecify.annotations.NullMarked;
