/** Upkeep of tables: actions that plan from metadata, run on an engine, verify, and commit. */
@NullMarked
package io.lakeops.maintenance;

import org.jspecify.annotations.NullMarked;
