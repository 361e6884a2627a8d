/** The front door: {@link io.lakeops.Lake}, where a host opens its tables. */
@NullMarked
package io.lakeops;

import org.jspecify.annotations.NullMarked;
