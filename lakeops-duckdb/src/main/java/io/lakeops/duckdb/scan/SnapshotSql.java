package io.lakeops.duckdb.scan;

import io.lakeops.table.DataFile;
import io.lakeops.table.Field;
import java.util.List;
import java.util.Map;

/**
 * One SELECT that returns the live rows of files of a snapshot, columns named and typed as its schema has them.
 *
 * <p>Threads: immutable and safe. Close it when no statement that holds its text runs any more: it then forgets the
 * deletion vectors, and the text fails.
 */
public final class SnapshotSql implements AutoCloseable {
    private final String sql;
    private final List<DataFile> files;
    private final Map<String, Field> columns;
    private final Runnable release;

    SnapshotSql(String sql, List<DataFile> files, Map<String, Field> columns, Runnable release) {
        this.sql = sql;
        this.files = List.copyOf(files);
        this.columns = Map.copyOf(columns);
        this.release = release;
    }

    /** The SELECT, without parentheses around it. */
    public String sql() {
        return sql;
    }

    /** The files in the order that row addresses count them. */
    public List<DataFile> files() {
        return files;
    }

    /** The columns by the names that they have inside {@code read_parquet}. */
    public Map<String, Field> columns() {
        return columns;
    }

    @Override
    public void close() {
        release.run();
    }
}
