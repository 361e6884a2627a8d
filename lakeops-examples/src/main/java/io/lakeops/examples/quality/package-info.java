/** The checks of the retail lake, and a kind of check of its own. */
@NullMarked
package io.lakeops.examples.quality;

import org.jspecify.annotations.NullMarked;
