/** What the host lends: time, threads and ears. */
@NullMarked
package io.lakeops.context;

import org.jspecify.annotations.NullMarked;
