/** Silver and gold as plain SQL: a file a table, built in the order of their references, all of them or none. */
@NullMarked
package io.lakeops.examples.models;

import org.jspecify.annotations.NullMarked;
