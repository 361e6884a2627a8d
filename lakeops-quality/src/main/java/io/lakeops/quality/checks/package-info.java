/** The checks that come with LakeOps. */
@NullMarked
package io.lakeops.quality.checks;

import org.jspecify.annotations.NullMarked;
