/** The drill: every scenario of the retail lake, run for real, with its evidence. */
@NullMarked
package io.lakeops.examples.drill;

import org.jspecify.annotations.NullMarked;
