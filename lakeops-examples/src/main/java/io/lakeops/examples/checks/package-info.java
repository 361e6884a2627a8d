/** A check of a third party: one class, one annotation, found by ServiceLoader. */
@NullMarked
package io.lakeops.examples.checks;

import org.jspecify.annotations.NullMarked;
