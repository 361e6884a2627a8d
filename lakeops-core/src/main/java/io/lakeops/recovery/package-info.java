/** The way back: restore, and what differs between two versions. */
@NullMarked
package io.lakeops.recovery;

import org.jspecify.annotations.NullMarked;
