/** Commits as LakeOps writes them: what is allowed, what is checked, and how versions are won. */
@NullMarked
package io.lakeops.delta.internal.write;

import org.jspecify.annotations.NullMarked;
