/** How implementations of the service interfaces are found. */
@NullMarked
package io.lakeops.provider;

import org.jspecify.annotations.NullMarked;
