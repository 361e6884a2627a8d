/** From raw files to bronze: identified, typed, split into good rows and rejects, committed once. */
@NullMarked
package io.lakeops.ingest;

import org.jspecify.annotations.NullMarked;
