/** Changes of a table's definition: columns, types, constraints, properties. */
@NullMarked
package io.lakeops.definition;

import org.jspecify.annotations.NullMarked;
