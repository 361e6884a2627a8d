package io.lakeops.duckdb.engine;

import io.lakeops.context.Cancellation;
import io.lakeops.duckdb.engine.Statements.Work;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.LoadRequest;
import io.lakeops.engine.LoadRequest.RawFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import io.lakeops.table.Field;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Raw Parquet files as records: files of one layout are read together. */
final class RawParquet {
    private final List<RawFile> files;
    private final String sql;
    private final List<String> columns;

    private RawParquet(List<RawFile> files, String sql, List<String> columns) {
        this.files = files;
        this.sql = sql;
        this.columns = columns;
    }

    /**
     * Looks at the files' columns.
     *
     * <p>Errors: SOURCE_NOT_FOUND, SOURCE_EMPTY, SOURCE_UNREADABLE, SOURCE_COLUMNS.
     */
    static RawParquet of(LoadRequest request, Statements statements, Cancellation cancellation) throws SQLException {
        Map<List<String>, List<Integer>> byTypes = new LinkedHashMap<>();
        Map<List<String>, List<String>> namesOf = new LinkedHashMap<>();
        for (int i = 0; i < request.files().size(); i++) {
            RawFile file = request.files().get(i);
            List<Column> found = columns(file.path(), statements, cancellation);
            List<Column> wanted = match(file.path(), found, request);
            List<String> types = wanted.stream().map(Column::type).toList();
            byTypes.computeIfAbsent(types, k -> new ArrayList<>()).add(i);
            namesOf.putIfAbsent(types, wanted.stream().map(Column::name).toList());
        }
        // Where files differ in types, what they hold is read as text; what all agree on keeps its type.
        List<String> agreed = new ArrayList<>();
        for (int i = 0; i < request.source().fields().size(); i++) {
            int column = i;
            List<String> types =
                    byTypes.keySet().stream().map(t -> t.get(column)).distinct().toList();
            agreed.add(types.size() == 1 ? types.get(0) : "VARCHAR");
        }
        List<String> branches = new ArrayList<>();
        byTypes.forEach((types, indexes) ->
                branches.add(branch(request, indexes, namesOf.getOrDefault(types, List.of()), types, agreed)));
        return new RawParquet(request.files(), String.join(" UNION ALL ", branches), List.copyOf(agreed));
    }

    private static List<Column> columns(Path file, Statements statements, Cancellation cancellation) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new LakeException(ErrorCode.SOURCE_NOT_FOUND, "the raw file is not there", Map.of("file", file));
            }
            if (Files.size(file) == 0) {
                throw new LakeException(ErrorCode.SOURCE_EMPTY, "the raw file is empty", Map.of("file", file));
            }
        } catch (IOException e) {
            throw StorageErrors.of("the raw file can't be looked at", file, e);
        }
        String sql = "DESCRIBE SELECT * FROM " + read(List.of(file), "");
        try {
            return statements.queryRaw(sql, Work.quiet(cancellation), result -> {
                List<Column> columns = new ArrayList<>();
                while (result.next()) {
                    columns.add(new Column(result.getString("column_name"), result.getString("column_type")));
                }
                return columns;
            });
        } catch (SQLException e) {
            throw unreadable(Map.of("file", file), e);
        }
    }

    private static List<Column> match(Path file, List<Column> found, LoadRequest request) {
        List<Column> wanted = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Field field : request.source().fields()) {
            Optional<Column> column = found.stream()
                    .filter(c -> c.name().equalsIgnoreCase(field.name()))
                    .findFirst();
            column.ifPresentOrElse(wanted::add, () -> missing.add(field.name()));
        }
        List<String> unknown = found.stream()
                .map(Column::name)
                .filter(n -> request.source().find(n).isEmpty())
                .toList();
        if (!missing.isEmpty() || !unknown.isEmpty()) {
            throw new LakeException(
                    ErrorCode.SOURCE_COLUMNS,
                    "the columns are not those of the source",
                    Map.of("file", file, "missing", missing, "unknown", unknown));
        }
        return wanted;
    }

    private static String branch(
            LoadRequest request, List<Integer> indexes, List<String> names, List<String> types, List<String> agreed) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = SqlText.identifier(names.get(i));
            columns.add((types.get(i).equals(agreed.get(i)) ? name : name + "::VARCHAR") + " AS v" + i);
        }
        List<RawFile> files = indexes.stream().map(request.files()::get).toList();
        String numbers = indexes.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
        return "SELECT (" + numbers + ")[file_index::BIGINT + 1]::BIGINT AS file, file_row_number + 1 AS line, ("
                + SqlText.textList(files.stream().map(RawFile::name).toList())
                + ")[file_index::BIGINT + 1] AS name, NULL::VARCHAR AS fault, " + String.join(", ", columns) + " FROM "
                + read(files.stream().map(RawFile::path).toList(), ", file_row_number = true");
    }

    private static String read(List<Path> files, String more) {
        return "read_parquet(" + SqlText.fileList(files) + ", hive_partitioning = false" + more + ")";
    }

    /** The records. */
    String sql() {
        return sql;
    }

    /** The DuckDB types of the source's columns in them. */
    List<String> columns() {
        return columns;
    }

    /** A damaged raw file is the deliverer's, and no data file of a table. */
    LakeException failure(SQLException e, LakeException plain) {
        return plain.code() == ErrorCode.DATA_FILE_CORRUPT || plain.code() == ErrorCode.DATA_FILE_MISSING
                ? unreadable(Map.of("files", files.stream().map(RawFile::path).toList()), e)
                : plain;
    }

    private static LakeException unreadable(Map<String, ?> context, SQLException e) {
        String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return new LakeException(
                ErrorCode.SOURCE_UNREADABLE, "the raw file can't be read as Parquet: " + first, context, e);
    }
}
