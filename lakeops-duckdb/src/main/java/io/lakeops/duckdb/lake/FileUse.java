package io.lakeops.duckdb.lake;

import io.lakeops.table.Pruning;
import java.util.OptionalLong;

/**
 * What a query did with a data file.
 *
 * @param table the table's name, or its folder's
 * @param partition {@code column=value} by {@code /}; empty without partitions
 * @param file as the log names it
 * @param rows live rows, where the statistics count them
 * @param fileBytes its length
 * @param reason why it was not read, or NONE where it was
 */
record FileUse(String table, String partition, String file, OptionalLong rows, long fileBytes, Pruning.Reason reason) {}
