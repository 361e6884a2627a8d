/** Changes of rows: append, delete, upsert; each planned on one version, run on an engine, committed whole or not at all. */
@NullMarked
package io.lakeops.change;

import org.jspecify.annotations.NullMarked;
