/** Relations that LakeOps keeps of itself in the lake, and that every SQL front shows under plain names. */
@NullMarked
package io.lakeops.view;

import org.jspecify.annotations.NullMarked;
