/** Errors with a stable code, a cause and a way out. */
@NullMarked
package io.lakeops.error;

import org.jspecify.annotations.NullMarked;
