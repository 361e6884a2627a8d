package io.lakeops.engine;

import io.lakeops.table.DataFile;

/**
 * How many live rows of a file a condition accepts.
 *
 * @param file the file
 * @param hits rows accepted
 * @param rows live rows in all
 */
public record FileHits(DataFile file, long hits, long rows) {}
