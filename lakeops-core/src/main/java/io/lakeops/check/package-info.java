/** What a check is: what it measures, how it judges, and how its results are kept. */
@NullMarked
package io.lakeops.check;

import org.jspecify.annotations.NullMarked;
