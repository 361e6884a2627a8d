/** A seeded generator of the retail lake's raw files: the same arguments give the same bytes. */
@NullMarked
package io.lakeops.examples.generate;

import org.jspecify.annotations.NullMarked;
