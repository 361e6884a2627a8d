package io.lakeops.duckdb.engine;

import io.lakeops.context.Cancellation;
import io.lakeops.duckdb.engine.Statements.Work;
import io.lakeops.engine.Relation;
import io.lakeops.engine.WriteRequest;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes a relation as data files: all of them, or none. */
final class Writer {
    private static final int SHOWN = 3;
    private static final Pattern NULL_FAULT = Pattern.compile(Projection.NULL_MARK + "(\\d+)");

    private final Statements statements;
    private final Relations relations;

    Writer(Statements statements, Relations relations) {
        this.statements = statements;
        this.relations = relations;
    }

    List<WrittenFile> write(WriteRequest request, Cancellation cancellation) throws SQLException {
        relations.writeAtOnce();
        String rows = relations.sql(request.rows());
        List<Column> columns = relations.columns(rows);
        Projection projection = Projection.of(
                columns, request.schema(), request.partitionColumns(), request.rules(), relations.isUtc());
        List<String> given = columns.stream()
                .map(Column::name)
                .filter(c -> request.filled().stream().noneMatch(c::equalsIgnoreCase))
                .toList();
        Checks checks = Checks.of(request.rules(), request.schema(), request.partitionColumns(), given);
        Work work = new Work("write", request.root().toString(), cancellation);
        Staging staging = new Staging();
        DataFiles files = new DataFiles(
                statements,
                request.schema(),
                request.partitionColumns(),
                request.root(),
                request.targetFileBytes(),
                staging);
        try {
            String prepared = "SELECT " + projection.selectList() + " FROM (" + rows + "\n) AS s";
            return write(request, checks.held(prepared), files, work);
        } catch (SQLException e) {
            LakeException failure = failure(e, request, rows, projection, checks, work);
            staging.takeBack(failure);
            throw failure;
        } catch (RuntimeException | Error e) {
            staging.takeBack(e);
            throw e;
        }
    }

    private List<WrittenFile> write(WriteRequest request, String prepared, DataFiles files, Work work)
            throws SQLException {
        String order = orderBy(request);
        Optional<Map<String, @Nullable String>> only = onlyPartition(request);
        if (only.isPresent()) {
            String sorted = order.isEmpty() ? prepared : prepared + " ORDER BY " + order;
            DataFiles.Size size = bytes(request.rows()) <= request.targetFileBytes()
                    ? DataFiles.Size.ONE_FILE
                    : DataFiles.Size.UNKNOWN;
            return files.write(sorted, only.get(), size, work);
        }
        StringBuilder keys = new StringBuilder();
        files.partitionIndexes()
                .forEach(
                        i -> keys.append(keys.isEmpty() ? "" : ", ").append("c").append(i));
        // Rows of equal keys may come out of a sort in any order, so where none is asked for their number keeps it.
        String staged = order.isEmpty()
                ? "SELECT * EXCLUDE nr FROM (SELECT *, row_number() OVER () AS nr FROM (" + prepared + ")) ORDER BY "
                        + keys + ", nr"
                : "SELECT * FROM (" + prepared + ") ORDER BY " + keys + ", " + order;
        try (StagedRows stage = StagedRows.of(statements, staged, work)) {
            return stage.write(request.schema(), files, "true", work);
        }
    }

    private static String orderBy(WriteRequest request) {
        List<String> columns = new ArrayList<>();
        for (String name : request.orderBy()) {
            columns.add("c" + index(request.schema(), name));
        }
        return String.join(", ", columns);
    }

    private static int index(Schema schema, String name) {
        return schema.fields().indexOf(schema.require(name));
    }

    /** The one partition that all rows are known to belong to. */
    private static Optional<Map<String, @Nullable String>> onlyPartition(WriteRequest request) {
        if (request.partitionColumns().isEmpty()) {
            return Optional.of(Map.of());
        }
        Optional<Relation.TableRows> table = tableRows(request.rows());
        if (table.isEmpty() || table.get().files().isEmpty()) {
            return Optional.empty();
        }
        for (String name : request.partitionColumns()) {
            Field target = request.schema().require(name);
            Optional<Field> source = table.get().snapshot().schema().find(name);
            if (source.isEmpty()
                    || !source.get().type().equals(target.type())
                    || table.get().snapshot().partitionColumns().stream().noneMatch(name::equalsIgnoreCase)) {
                return Optional.empty();
            }
        }
        Map<String, @Nullable String> first =
                values(request, table.get().files().get(0));
        return table.get().files().stream().allMatch(f -> values(request, f).equals(first))
                ? Optional.of(first)
                : Optional.empty();
    }

    private static Map<String, @Nullable String> values(WriteRequest request, DataFile file) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        for (String name : request.partitionColumns()) {
            String logical = request.schema().require(name).name();
            String value = file.partitionValues().entrySet().stream()
                    .filter(e -> e.getKey().equalsIgnoreCase(name))
                    .map(e -> PartitionText.known(e.getValue()))
                    .findFirst()
                    .flatMap(v -> v)
                    .orElse(null);
            values.put(logical, value);
        }
        return values;
    }

    /** What the files hold that the rows come from; endless where that is not known. */
    private static long bytes(Relation relation) {
        return tableRows(relation instanceof Relation.Updated updated ? updated.input() : relation)
                .map(table ->
                        table.files().stream().mapToLong(DataFile::fileBytes).sum())
                .orElse(Long.MAX_VALUE);
    }

    /** The table whose rows these are, unchanged but for those that are dropped. */
    private static Optional<Relation.TableRows> tableRows(Relation relation) {
        if (relation instanceof Relation.TableRows table) {
            return Optional.of(table);
        }
        if (relation instanceof Relation.Filtered filtered) {
            return tableRows(filtered.input());
        }
        return relation instanceof Relation.Except except ? tableRows(except.input()) : Optional.empty();
    }

    private LakeException failure(
            SQLException e, WriteRequest request, String rows, Projection projection, Checks checks, Work work) {
        LakeException plain = relations.failure(e);
        if (plain.code() == ErrorCode.CANCELLED) {
            return plain;
        }
        Matcher nulls = NULL_FAULT.matcher(String.valueOf(e.getMessage()));
        if (nulls.find()) {
            int column = Integer.parseInt(nulls.group(1));
            String sample = "SELECT * FROM (" + rows + "\n) AS s WHERE " + projection.fault(column) + " LIMIT " + SHOWN;
            List<String> shown = shown(sample, work);
            return new LakeException(
                    ErrorCode.CONSTRAINT_VIOLATED,
                    "a null stands in a column that must not be null",
                    Map.of("column", request.schema().fields().get(column).name(), "rows", shown),
                    e);
        }
        Optional<Integer> check = Checks.fault(String.valueOf(e.getMessage()));
        if (check.isPresent()) {
            String all = "SELECT " + projection.uncheckedList() + " FROM (" + rows + "\n) AS s";
            return new LakeException(
                    ErrorCode.CONSTRAINT_VIOLATED,
                    "rows break the table's " + checks.describe(check.get()),
                    Map.of("rows", shown(checks.faulty(check.get(), all, SHOWN), work)),
                    e);
        }
        if (Failures.isConversion(e)) {
            return new LakeException(
                    ErrorCode.SCHEMA_MISMATCH,
                    "a value does not fit the table's type: " + e.getMessage(),
                    Map.of("root", request.root()),
                    e);
        }
        return plain;
    }

    private List<String> shown(String sample, Work work) {
        try {
            return statements.queryRaw(
                    "SELECT x::VARCHAR FROM (" + sample + ") AS x", Work.quiet(work.cancellation()), result -> {
                        List<String> texts = new ArrayList<>();
                        while (result.next()) {
                            texts.add(result.getString(1));
                        }
                        return texts;
                    });
        } catch (SQLException again) {
            // Within a transaction of the host nothing can be asked after a failure.
            return List.of("not available: " + again.getMessage());
        }
    }
}
