/** The Delta log as files: listing, commits as JSON lines, paths, statistics, deletion vectors, put-if-absent. */
@NullMarked
package io.lakeops.delta.internal.log;

import org.jspecify.annotations.NullMarked;
