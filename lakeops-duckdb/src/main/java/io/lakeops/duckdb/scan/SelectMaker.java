package io.lakeops.duckdb.scan;

import io.lakeops.duckdb.scan.FileLayout.Node;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableScan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes one SELECT: files that can be read alike become one {@code read_parquet}, and all of them a UNION ALL. */
final class SelectMaker {
    /**
     * How many files one {@code read_parquet} may have where partition values differ: DuckDB copies the list of values
     * for each chunk of rows, which would grow with the square of the files.
     */
    private static final int FILES_WITH_VALUES = 1_000;

    private final Snapshot snapshot;
    private final TableScan scan;
    private final List<Field> fields;
    private final Set<String> partitionColumns;
    private final ScanOptions options;
    private final DeletionVectors vectors;
    private final Function<List<Path>, List<FileLayout>> layouts;
    private final Matching matching;

    SelectMaker(
            Snapshot snapshot,
            ScanOptions options,
            DeletionVectors vectors,
            Function<List<Path>, List<FileLayout>> layouts) {
        this.snapshot = snapshot;
        this.scan = snapshot.scan();
        this.fields = snapshot.schema().fields();
        this.partitionColumns = Set.copyOf(snapshot.partitionColumns());
        this.options = options;
        this.vectors = vectors;
        this.layouts = layouts;
        this.matching = "id".equals(snapshot.detail().properties().get("delta.columnMapping.mode"))
                ? Matching.BY_ID
                : Matching.BY_NAME;
        if (fields.isEmpty()) {
            throw new LakeException(
                    ErrorCode.TYPE_UNSUPPORTED,
                    "the table has no columns, so it can't be selected from",
                    Map.of("table", snapshot.location()));
        }
    }

    SnapshotSql make(List<DataFile> files) {
        Map<String, Field> inner = new LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            inner.put(innerName(i), fields.get(i));
        }
        if (files.isEmpty()) {
            return new SnapshotSql(noRows(), files, inner, () -> {});
        }
        if (options.planOnly()) {
            return new SnapshotSql(planned(files), files, inner, () -> {});
        }
        List<Long> held = new ArrayList<>();
        List<DataFile> ordered = new ArrayList<>(files.size());
        StringJoiner branches = new StringJoiner("\nUNION ALL\n");
        try {
            for (Branch branch : branches(files)) {
                branches.add(select(branch, ordered.size(), held));
                ordered.addAll(branch.files());
            }
        } catch (RuntimeException e) {
            held.forEach(vectors::release);
            throw e;
        }
        return new SnapshotSql(branches.toString(), ordered, inner, () -> held.forEach(vectors::release));
    }

    /** Files that one {@code read_parquet} reads. {@code readings}: by field, null for partition columns. */
    private record Branch(List<DataFile> files, Reads reads, Rowwise rows) {}

    /** Which rows of a file are wanted: without those that its own vector deletes, only those that another deletes. */
    private record Rowwise(boolean deletions, boolean deletedBy) {}

    /** How every column is read from a kind of file: the entries of {@code schema}, the expressions over them. */
    private record Reads(String schema, List<@Nullable String> expressions) {}

    private List<Branch> branches(List<DataFile> files) {
        Map<Reads, Map<Rowwise, List<DataFile>>> groups = new LinkedHashMap<>();
        Map<@Nullable FileLayout, Reads> known = new LinkedHashMap<>();
        Map<Path, FileLayout> layoutOf = lookUp(files);
        for (DataFile file : files) {
            Reads reads = known.computeIfAbsent(layoutOf.get(file.location()), this::reads);
            groups.computeIfAbsent(reads, k -> new LinkedHashMap<>())
                    .computeIfAbsent(
                            new Rowwise(
                                    file.deletionVector().isPresent(),
                                    options.deletedBy().containsKey(file)),
                            k -> new ArrayList<>())
                    .add(file);
        }
        List<Branch> branches = new ArrayList<>();
        groups.forEach((reads, byRows) -> byRows.forEach((rows, of) -> {
            for (List<DataFile> part : parts(of)) {
                branches.add(new Branch(part, reads, rows));
            }
        }));
        return branches;
    }

    /** Cuts a long list of files, files with the same partition values side by side. */
    private List<List<DataFile>> parts(List<DataFile> files) {
        if (partitionColumns.isEmpty() || files.size() <= FILES_WITH_VALUES) {
            return List.of(files);
        }
        Map<Map<String, @Nullable String>, List<DataFile>> byValues = files.stream()
                .collect(Collectors.groupingBy(DataFile::partitionValues, LinkedHashMap::new, Collectors.toList()));
        List<DataFile> sorted = byValues.values().stream().flatMap(List::stream).toList();
        List<List<DataFile>> parts = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += FILES_WITH_VALUES) {
            parts.add(sorted.subList(from, Math.min(sorted.size(), from + FILES_WITH_VALUES)));
        }
        return parts;
    }

    /** The layouts of the files where they can matter: few tables need any. */
    private Map<Path, FileLayout> lookUp(List<DataFile> files) {
        List<DataType> stored = fields.stream()
                .filter(field -> !partitionColumns.contains(field.name()))
                .map(Field::type)
                .toList();
        boolean always = matching == Matching.BY_ID || stored.stream().anyMatch(SelectMaker::hasStruct);
        boolean timestamps = stored.stream().anyMatch(SelectMaker::hasTimestamp);
        List<DataFile> asked = files.stream()
                .filter(file -> always || (timestamps && !isOurs(file)))
                .toList();
        if (asked.isEmpty()) {
            return Map.of();
        }
        List<FileLayout> found = layouts.apply(asked.stream().map(scan::locate).toList());
        Map<Path, FileLayout> byFile = new HashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            byFile.put(asked.get(i).location(), found.get(i));
        }
        return byFile;
    }

    private static boolean isOurs(DataFile file) {
        return SnapshotScans.TIMESTAMPS_IN_UTC.equals(file.tags().get(SnapshotScans.TIMESTAMPS_TAG));
    }

    private static boolean hasStruct(DataType type) {
        return type instanceof DataType.Struct
                || (type instanceof DataType.Array array && hasStruct(array.element()))
                || (type instanceof DataType.Mapping map && (hasStruct(map.key()) || hasStruct(map.value())));
    }

    private static boolean hasTimestamp(DataType type) {
        return type == Primitive.TIMESTAMP
                || (type instanceof DataType.Struct struct
                        && struct.fields().stream().anyMatch(field -> hasTimestamp(field.type())))
                || (type instanceof DataType.Array array && hasTimestamp(array.element()))
                || (type instanceof DataType.Mapping map && (hasTimestamp(map.key()) || hasTimestamp(map.value())));
    }

    private Reads reads(@Nullable FileLayout layout) {
        List<Node> nodes = layout == null ? List.of() : layout.columns();
        StringJoiner schema = new StringJoiner(", ", "MAP {", "}");
        List<@Nullable String> expressions = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            if (partitionColumns.contains(field.name())) {
                expressions.add(null);
                continue;
            }
            Node node = matching.find(nodes, field).orElse(null);
            if (node == null && layout != null && hasStruct(field.type())) {
                // DuckDB fails where a query asks for one field of a renamed struct that a file lacks.
                expressions.add("CAST(NULL AS " + DuckTypes.sql(field.type()) + ")");
                continue;
            }
            Reading reading = Reading.column(field, node, matching);
            schema.add(reading.entry(node != null ? node.name() : Matching.absentName(nodes, field, i), innerName(i)));
            expressions.add(reading.finished(innerName(i)));
        }
        options.rowIds()
                .ifPresent(names -> names.fields()
                        .forEach(field -> schema.add(
                                Reading.column(field, null, matching).entry(field.name(), innerRowId(field)))));
        if (schema.length() == "MAP {}".length()) {
            schema.add(new Reading("BOOLEAN", null, null).entry("lakeops absent", options.prefix() + "none"));
        }
        return new Reads(schema.toString(), expressions);
    }

    private String select(Branch branch, int firstFile, List<Long> held) {
        StringJoiner columns = new StringJoiner(", ");
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            String stored = branch.reads().expressions().get(i);
            String expression = stored != null
                    ? stored
                    : PartitionText.expression(
                            field,
                            branch.files().stream()
                                    .map(file -> file.partitionValues().get(field.name()))
                                    .toList());
            columns.add(expression + " AS " + SqlText.identifier(field.name()));
        }
        options.rowIds().ifPresent(names -> {
            List<DataFile> of = branch.files();
            columns.add(rowId(names.fields().get(0), of, DataFile.RowTracking::baseRowId, " + file_row_number"));
            columns.add(rowId(names.fields().get(1), of, DataFile.RowTracking::defaultCommitVersion, ""));
        });
        options.addresses()
                .ifPresent(names -> columns.add("file_index::BIGINT" + (firstFile == 0 ? "" : " + " + firstFile)
                                + " AS " + SqlText.identifier(names.fileIndex()))
                        .add("file_row_number AS " + SqlText.identifier(names.rowNumber())));
        List<String> conditions = new ArrayList<>();
        if (branch.rows().deletions()) {
            conditions.add(live(branch.files(), held));
        }
        if (branch.rows().deletedBy()) {
            List<DataFile> others = branch.files().stream()
                    .map(file -> Objects.requireNonNull(options.deletedBy().get(file)))
                    .toList();
            conditions.add("NOT " + live(others, held));
        }
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        return "SELECT " + columns + " FROM "
                + read(
                        branch.files().stream().map(scan::locate).toList(),
                        branch.reads().schema()) + where;
    }

    /** What the file holds for a row, else what follows from its file and, by {@code place}, from where it stands there. */
    private String rowId(
            Field column, List<DataFile> files, ToLongFunction<DataFile.RowTracking> byFile, String place) {
        List<@Nullable String> values = new ArrayList<>();
        files.forEach(file -> values.add(file.rowTracking()
                .map(ids -> Long.toString(byFile.applyAsLong(ids)))
                .orElse(null)));
        return "coalesce(" + SqlText.identifier(innerRowId(column)) + ", " + PartitionText.expression(column, values)
                + place + ") AS " + SqlText.identifier(column.name());
    }

    private String innerRowId(Field column) {
        return options.prefix() + column.name();
    }

    private String live(List<DataFile> files, List<Long> held) {
        long key = vectors.hold(files.stream().map(snapshot::deletedRows).toList());
        held.add(key);
        return vectors.condition(key);
    }

    private static String read(List<Path> files, String schema) {
        return "read_parquet(" + SqlText.fileList(files) + ", hive_partitioning = false, schema = " + schema + ")";
    }

    /** Every column as one that the file lacks: nothing is known of its values, so no filter is folded away. */
    private String planned(List<DataFile> files) {
        Path some = files.stream()
                .map(scan::locate)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> FileFaults.missing(files.get(0).location(), null));
        StringJoiner schema = new StringJoiner(", ", "MAP {", "}");
        StringJoiner columns = new StringJoiner(", ");
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            schema.add(new Reading(DuckTypes.sql(field.type()), null, null).entry("lakeops absent " + i, innerName(i)));
            columns.add(innerName(i) + " AS " + SqlText.identifier(field.name()));
        }
        options.addresses()
                .ifPresent(names -> columns.add("file_index::BIGINT AS " + SqlText.identifier(names.fileIndex()))
                        .add("file_row_number AS " + SqlText.identifier(names.rowNumber())));
        return "SELECT " + columns + " FROM " + read(List.of(some), schema.toString());
    }

    private String noRows() {
        StringJoiner columns = new StringJoiner(", ");
        for (Field field : fields) {
            columns.add("CAST(NULL AS " + DuckTypes.sql(field.type()) + ") AS " + SqlText.identifier(field.name()));
        }
        options.rowIds()
                .ifPresent(names -> names.fields()
                        .forEach(f -> columns.add("CAST(NULL AS BIGINT) AS " + SqlText.identifier(f.name()))));
        options.addresses()
                .ifPresent(names -> columns.add("CAST(NULL AS BIGINT) AS " + SqlText.identifier(names.fileIndex()))
                        .add("CAST(NULL AS BIGINT) AS " + SqlText.identifier(names.rowNumber())));
        return "SELECT " + columns + " WHERE false";
    }

    private String innerName(int index) {
        return options.prefix() + "c" + index;
    }
}
