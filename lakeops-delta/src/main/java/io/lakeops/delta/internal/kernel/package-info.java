/** The only package that touches Delta Kernel: it loads a version of a table from log and checkpoints. */
@NullMarked
package io.lakeops.delta.internal.kernel;

import org.jspecify.annotations.NullMarked;
