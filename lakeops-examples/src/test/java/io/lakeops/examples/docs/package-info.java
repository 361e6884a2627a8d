/** Tests that hold the pages of documentation against the code. */
@NullMarked
package io.lakeops.examples.docs;

import org.jspecify.annotations.NullMarked;
