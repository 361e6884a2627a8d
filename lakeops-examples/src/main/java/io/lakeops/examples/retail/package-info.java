/** The retail lake: its eleven raw sources, and the tables that they become. */
@NullMarked
package io.lakeops.examples.retail;

import org.jspecify.annotations.NullMarked;
