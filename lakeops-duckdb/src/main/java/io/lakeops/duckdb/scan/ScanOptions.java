package io.lakeops.duckdb.scan;

import io.lakeops.table.DataFile;
import io.lakeops.table.RowIdColumns;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a SELECT over a snapshot is for.
 *
 * @param prefix how the names start that the columns have inside {@code read_parquet}, as an EXPLAIN shows them: a word
 *     that tells this use of a table from every other one in the statement
 * @param addresses the names of two more columns that say where each row stands; they must differ from the table's
 * @param planOnly whether the text is only to be explained: it reads no row, and every filter that DuckDB can push down
 *     shows up on the inner names, those on partition columns too
 * @param deletedBy files of which only those live rows are wanted that another vector deletes: the same file with that one
 * @param rowIds the names of two more columns for the rows' ids and versions, which are those of the columns in the files
 */
public record ScanOptions(
        String prefix,
        Optional<Addresses> addresses,
        boolean planOnly,
        Map<DataFile, DataFile> deletedBy,
        Optional<RowIdColumns> rowIds) {
    public ScanOptions {
        Objects.requireNonNull(addresses);
        deletedBy = Map.copyOf(deletedBy);
        if (!prefix.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("a prefix is a lower-case word: " + prefix);
        }
    }

    /** The rows and nothing else. */
    public static ScanOptions rows() {
        return new ScanOptions("lake_", Optional.empty(), false, Map.of(), Optional.empty());
    }

    /** The rows, each with the index of its file and its position there. */
    public static ScanOptions addressed(String fileIndexName, String rowNumberName) {
        return new ScanOptions(
                "lake_", Optional.of(new Addresses(fileIndexName, rowNumberName)), false, Map.of(), Optional.empty());
    }

    /** The same with another prefix. */
    public ScanOptions withPrefix(String other) {
        return new ScanOptions(other, addresses, planOnly, deletedBy, rowIds);
    }

    /** The same, of those files with the rows alone that another vector deletes. */
    public ScanOptions withDeletedBy(Map<DataFile, DataFile> others) {
        return new ScanOptions(prefix, addresses, planOnly, others, rowIds);
    }

    /** The same, each row with its id and version in these columns behind the table's. */
    public ScanOptions withRowIds(Optional<RowIdColumns> columns) {
        return new ScanOptions(prefix, addresses, planOnly, deletedBy, columns);
    }

    /** The same as a text that is only explained. */
    public ScanOptions forPlanning() {
        return new ScanOptions(prefix, addresses, true, deletedBy, rowIds);
    }

    /**
     * Where a row stands.
     *
     * @param fileIndex the column for the index in {@link SnapshotSql#files()}, a BIGINT
     * @param rowNumber the column for the position in the file, deleted rows counted, from 0, a BIGINT
     */
    public record Addresses(String fileIndex, String rowNumber) {
        public Addresses {
            Objects.requireNonNull(fileIndex);
            Objects.requireNonNull(rowNumber);
        }
    }
}
