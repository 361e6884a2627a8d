/** What every provider must pass, and what tests stand on: contracts, the in-memory table format, fixtures. */
@NullMarked
package io.lakeops.testkit;

import org.jspecify.annotations.NullMarked;
