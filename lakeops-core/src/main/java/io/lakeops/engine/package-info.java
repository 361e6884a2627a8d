/** The data plane: who reads, writes and measures bytes; commits nothing. */
@NullMarked
package io.lakeops.engine;

import org.jspecify.annotations.NullMarked;
