/** The model of the operations document: what was done, what it showed, and whether that was expected. */
@NullMarked
package io.lakeops.report;

import org.jspecify.annotations.NullMarked;
