/** The program {@code ./lakeops}: one short command an operation, each an example of the library. */
@NullMarked
package io.lakeops.examples;

import org.jspecify.annotations.NullMarked;
