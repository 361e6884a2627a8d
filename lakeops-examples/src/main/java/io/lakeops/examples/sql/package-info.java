/** Rows of a query as text: a table for people, CSV, or JSON lines. */
@NullMarked
package io.lakeops.examples.sql;

import org.jspecify.annotations.NullMarked;
