/** The drill: every operational scenario on the retail lake, for real, with its evidence. */
@NullMarked
package io.lakeops.examples.drill;

import org.jspecify.annotations.NullMarked;
