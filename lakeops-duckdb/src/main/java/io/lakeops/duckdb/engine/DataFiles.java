package io.lakeops.duckdb.engine;

import io.lakeops.duckdb.engine.Statements.Work;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.StorageErrors;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes prepared rows, with columns {@code c0, c1, …}, as the data files of one table. */
final class DataFiles {
    /** So many rows fill one row group; a file is never cut within one. */
    static final long ROW_GROUP = 122_880;

    private final Statements statements;
    private final Schema schema;
    private final List<Field> partitions;
    private final PhysicalLayout layout;
    private final Path root;
    private final long targetFileBytes;
    private final Staging staging;

    DataFiles(
            Statements statements,
            Schema schema,
            List<String> partitionColumns,
            Path root,
            long targetFileBytes,
            Staging staging) {
        this.statements = statements;
        this.schema = schema;
        this.partitions = partitionColumns.stream().map(schema::require).toList();
        this.layout = new PhysicalLayout(schema, partitionColumns);
        this.root = root;
        this.targetFileBytes = targetFileBytes;
        this.staging = staging;
    }

    /** The partition columns' positions in the schema. */
    List<Integer> partitionIndexes() {
        return partitions.stream().map(schema.fields()::indexOf).toList();
    }

    /** All rows of one partition, in their order, in as many files as the target size asks for. */
    List<WrittenFile> write(String rows, Map<String, @Nullable String> partition, Size size, Work work)
            throws SQLException {
        Path folder = staging.folder(folder(partition));
        String options = "FORMAT parquet, COMPRESSION snappy, RETURN_STATS"
                + layout.fieldIds().map(ids -> ", " + ids).orElse("");
        String copy;
        if (size == Size.ONE_FILE) {
            copy = "COPY (SELECT " + layout.selectList() + " FROM (" + rows + ")) TO "
                    + SqlText.string(staging.file(folder).toString()) + " (" + options + ")";
        } else {
            // COPY cuts files only where it doesn't keep the order of rows that several threads bring. The streaming
            // window, which the filter keeps alive, lets them pass one after the other.
            copy = "COPY (SELECT " + layout.selectList() + " FROM (SELECT *, row_number() OVER () AS nr FROM (" + rows
                    + ")) WHERE nr > 0) TO " + SqlText.string(folder.toString()) + " (" + options
                    + ", APPEND, FILE_SIZE_BYTES " + Math.max(1, targetFileBytes) + ", FILENAME_PATTERN "
                    + SqlText.string(staging.pattern()) + ")";
        }
        return statements.queryRaw(copy, work, result -> read(result, partition));
    }

    /** What is known of the rows' bytes before they are written. */
    enum Size {
        /** They don't fill more than one file: written in parallel. */
        ONE_FILE,
        UNKNOWN
    }

    private Path folder(Map<String, @Nullable String> partition) {
        Path folder = root;
        for (Field field : partitions) {
            folder = folder.resolve(PartitionText.folder(field.physicalName(), partition.get(field.name())));
        }
        return folder;
    }

    private List<WrittenFile> read(ResultSet result, Map<String, @Nullable String> partition) throws SQLException {
        List<Field> stored = schema.fields().stream().filter(layout::isStored).toList();
        List<WrittenFile> files = new ArrayList<>();
        while (result.next()) {
            Path location = Path.of(result.getString("filename"));
            long rows = result.getLong("count");
            try {
                if (rows == 0) {
                    // COPY makes a file even for no rows.
                    Files.delete(location);
                    continue;
                }
                Staging.force(location);
                files.add(new WrittenFile(
                        relative(location),
                        location,
                        partition,
                        Files.size(location),
                        Files.getLastModifiedTime(location).toMillis(),
                        ColumnBounds.measured(rows, statistics(result), stored)));
            } catch (IOException e) {
                throw StorageErrors.of("a written file can't be looked at", location, e);
            }
        }
        return files;
    }

    private String relative(Path location) {
        List<String> parts = new ArrayList<>();
        root.relativize(location).forEach(part -> parts.add(part.toString()));
        return String.join("/", parts);
    }

    private static Map<String, Map<String, String>> statistics(ResultSet result) throws SQLException {
        Map<String, Map<String, String>> byPath = new LinkedHashMap<>();
        if (result.getObject("column_statistics") instanceof Map<?, ?> columns) {
            columns.forEach((path, values) -> byPath.put(
                    String.valueOf(path),
                    ((Map<?, ?>) values)
                            .entrySet().stream()
                                    .filter(e -> e.getValue() != null)
                                    .collect(Collectors.toMap(
                                            e -> String.valueOf(e.getKey()), e -> String.valueOf(e.getValue())))));
        }
        return byPath;
    }
}
