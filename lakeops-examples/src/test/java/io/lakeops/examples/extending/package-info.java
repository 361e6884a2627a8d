/** A check, a maintenance action and a table format of one's own, as docs/extending.md has them. */
@NullMarked
package io.lakeops.examples.extending;

import org.jspecify.annotations.NullMarked;
