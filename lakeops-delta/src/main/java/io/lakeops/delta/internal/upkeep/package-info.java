/** What keeps a log short to read: checkpoints and the pointer to the newest. */
@NullMarked
package io.lakeops.delta.internal.upkeep;

import org.jspecify.annotations.NullMarked;
