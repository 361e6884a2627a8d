package io.lakeops.duckdb.scan;

import io.lakeops.context.LakeContext;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.DeletionVector;
import io.lakeops.table.Field;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Operation;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import io.lakeops.testkit.MemoryFormat;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A DuckDB with scans, and a folder in which a test writes the files of a table. */
final class ScanBench implements AutoCloseable {
    final Path root;
    final Connection connection;
    final SnapshotScans scans;
    private final MemoryFormat format = new MemoryFormat();
    private int tables;

    ScanBench(Path root) throws SQLException {
        this.root = root;
        this.connection = DriverManager.getConnection("jdbc:duckdb:");
        this.scans = SnapshotScans.on(connection);
        execute("SET TimeZone = 'America/New_York'");
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Writes what a SELECT returns as one Parquet file of that name. */
    DataFile file(String name, String select) throws SQLException {
        return file(name, select, "", Map.of());
    }

    DataFile file(String name, String select, String options, Map<String, @Nullable String> values)
            throws SQLException {
        execute("COPY (" + select + ") TO '" + root.resolve(name).toString().replace("'", "''") + "' (FORMAT parquet"
                + options + ")");
        return file(name, values);
    }

    DataFile file(String name, Map<String, @Nullable String> values) {
        return new DataFile(
                name, root.resolve(name), values, 1, 0, Optional.empty(), Optional.empty(), Map.of(), Optional.empty());
    }

    static DataFile without(DataFile file, long... positions) {
        DeletionVector vector = MemoryFormat.vector(positions);
        return new DataFile(
                file.path(),
                file.location(),
                file.partitionValues(),
                file.fileBytes(),
                file.modificationTime(),
                file.statistics(),
                Optional.of(vector),
                file.tags(),
                file.rowTracking());
    }

    Snapshot snapshot(List<Field> fields, DataFile... files) {
        return snapshot(fields, List.of(), Map.of(), List.of(files));
    }

    Snapshot snapshot(
            List<Field> fields, List<String> partitionColumns, Map<String, String> properties, List<DataFile> files) {
        TableLocation location = new TableLocation(root.resolve("table" + tables++));
        LakeTable table = format.create(
                TableId.of(location),
                location,
                new TableSpec(new Schema(fields), partitionColumns, List.of(), properties, Optional.empty()),
                Optional.empty(),
                LakeContext.standard());
        Snapshot empty = table.snapshot(SnapshotSelector.latest());
        if (files.isEmpty()) {
            return empty;
        }
        CommitResult result = table.commit(empty, CommitSpec.append(new Operation("WRITE", Map.of(), Map.of()), files));
        if (result instanceof CommitResult.Committed committed) {
            return table.snapshot(SnapshotSelector.version(committed.version()));
        }
        throw new IllegalStateException(result.toString());
    }

    /** All rows as Spark's JSON, sorted. */
    List<String> rows(Snapshot snapshot) throws SQLException {
        try (SnapshotSql select = scans.select(snapshot, snapshot.scan().files(), ScanOptions.rows());
                Statement statement = connection.createStatement()) {
            try (ResultSet result = statement.executeQuery(select.sql())) {
                return SparkJson.rows(result, snapshot.schema());
            } catch (SQLException e) {
                throw scans.explain(e, select.files());
            }
        }
    }

    /** What a query returns, values as text. */
    List<List<@Nullable String>> query(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<List<@Nullable String>> rows = new ArrayList<>();
            while (result.next()) {
                List<@Nullable String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(result.getString(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    @Override
    public void close() throws SQLException {
        scans.close();
        connection.close();
    }
}
