/** JSON texts as plain values. */
@NullMarked
package io.lakeops.json;

import org.jspecify.annotations.NullMarked;
