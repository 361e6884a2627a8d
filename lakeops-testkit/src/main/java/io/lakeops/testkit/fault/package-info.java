/** A disk and an engine that die, tear, forget or run full at a chosen step. */
@NullMarked
package io.lakeops.testkit.fault;

import org.jspecify.annotations.NullMarked;
