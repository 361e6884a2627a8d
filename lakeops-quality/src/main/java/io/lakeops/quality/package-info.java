/** Suites of checks, run on tables at a version or on queries, and the history of their results. */
@NullMarked
package io.lakeops.quality;

import org.jspecify.annotations.NullMarked;
