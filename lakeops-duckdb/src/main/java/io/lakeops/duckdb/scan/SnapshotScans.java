package io.lakeops.duckdb.scan;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.Snapshot;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.duckdb.DuckDBConnection;

/**
 * Makes SELECTs over snapshots for one DuckDB database, and holds what their text refers to.
 *
 * <p>Errors: DATA_FILE_MISSING and DATA_FILE_CORRUPT name the file; DELETION_VECTOR_CORRUPT; LOG_CORRUPT for a partition
 * value that is none; FEATURE_UNSUPPORTED for a file that can't be read right.
 *
 * <p>Threads: safe. It may be used within a function that the database calls: it reads footers on a connection of its
 * own.
 */
public final class SnapshotScans implements AutoCloseable {
    /**
     * A tag of data files whose timestamps are all 64 bit numbers in UTC, as our own writer makes them; such a file's
     * footer need not be looked at.
     */
    public static final String TIMESTAMPS_TAG = "lakeops.timestamps";

    /** The tag's value. */
    public static final String TIMESTAMPS_IN_UTC = "int64-utc";

    private final FileLayouts layouts;
    private final DeletionVectors vectors = new DeletionVectors();
    private final FileFaults faults;

    private SnapshotScans(Connection own) {
        this.layouts = new FileLayouts(own);
        this.faults = new FileFaults(own);
    }

    /** For the database that the connection is open on. Don't call it within a transaction: it registers a function. */
    public static SnapshotScans on(Connection connection) {
        try {
            SnapshotScans scans =
                    new SnapshotScans(connection.unwrap(DuckDBConnection.class).duplicate());
            scans.vectors.register(connection);
            return scans;
        } catch (SQLException e) {
            throw new LakeException(
                    ErrorCode.ENGINE_FAILED, "DuckDB can't be prepared for reading tables: " + e.getMessage(), e);
        }
    }

    /** The SELECT over {@code files}, which belong to {@code snapshot}. */
    public SnapshotSql select(Snapshot snapshot, List<DataFile> files, ScanOptions options) {
        return new SelectMaker(snapshot, options, vectors, this::layoutsOf).make(files);
    }

    /**
     * What is wrong with one of {@code files}, where that is why DuckDB threw {@code failure} while it read them: one is
     * missing or damaged. Where DuckDB doesn't name the damaged file, they are read one by one.
     */
    public Optional<LakeException> fault(SQLException failure, List<DataFile> files) {
        return faults.find(failure, locations(files));
    }

    /** {@link #fault}, or what else the failure means: CANCELLED, MEMORY_EXCEEDED, DISK_FULL, ENGINE_FAILED. */
    public LakeException explain(SQLException failure, List<DataFile> files) {
        return faults.explain(failure, locations(files));
    }

    private static List<Path> locations(List<DataFile> files) {
        return files.stream().map(DataFile::location).toList();
    }

    private List<FileLayout> layoutsOf(List<Path> files) {
        try {
            return layouts.of(files);
        } catch (SQLException e) {
            throw faults.explain(e, files);
        }
    }

    int heldVectors() {
        return vectors.heldCount();
    }

    @Override
    public void close() {
        vectors.releaseAll();
        try {
            layouts.close();
        } catch (SQLException e) {
            throw new LakeException(ErrorCode.ENGINE_FAILED, "DuckDB can't be closed: " + e.getMessage(), e);
        }
    }
}
