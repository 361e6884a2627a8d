/** What a version of a table consists of: the actions of its commits on top of a checkpoint, each at its newest. */
@NullMarked
package io.lakeops.delta.internal.replay;

import org.jspecify.annotations.NullMarked;
