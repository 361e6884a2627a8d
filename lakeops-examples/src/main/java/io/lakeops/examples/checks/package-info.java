/** Checks of a third party: each one class with one annotation, found by ServiceLoader. */
@NullMarked
package io.lakeops.examples.checks;

import org.jspecify.annotations.NullMarked;
