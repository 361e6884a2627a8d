/** What every provider must pass, and the fixtures that Spark wrote. */
@NullMarked
package io.lakeops.testkit;

import org.jspecify.annotations.NullMarked;
