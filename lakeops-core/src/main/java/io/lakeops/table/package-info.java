/** Tables as the control plane sees them: versions, files, schema, history and commits; no rows. */
@NullMarked
package io.lakeops.table;

import org.jspecify.annotations.NullMarked;
