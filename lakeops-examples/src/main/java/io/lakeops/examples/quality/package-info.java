/** What must hold in the retail lake. */
@NullMarked
package io.lakeops.examples.quality;

import org.jspecify.annotations.NullMarked;
