package io.lakeops.duckdb.engine;

import io.lakeops.context.Cancellation;
import io.lakeops.duckdb.engine.Statements.Work;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.Relation;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The columns that Parquet files have, as their footers tell them, in a table's types. Files of one layout are looked at once.
 *
 * <p>Errors: SCHEMA_MISMATCH naming two files; TYPE_UNSUPPORTED naming the column; DATA_FILE_MISSING, DATA_FILE_CORRUPT.
 */
final class StoredColumns {
    /** So many footers by one statement. */
    private static final int AT_ONCE = 1_000;
    /** What DuckDB reads as a type that a table has, and other readers of the table can't. */
    private static final Set<String> OWN = Set.of("UUID", "VARIANT", "GEOMETRY");

    private final Statements statements;
    private final Cancellation cancellation;

    StoredColumns(Statements statements, Cancellation cancellation) {
        this.statements = statements;
        this.cancellation = cancellation;
    }

    /** A query that returns the rows. */
    String rows(List<Path> files) throws SQLException {
        Map<String, Path> layouts = layouts(files);
        if (layouts.keySet().stream().anyMatch(layout -> layout.contains("\"p\":\"INT96\""))) {
            throw new LakeException(
                    ErrorCode.FEATURE_UNSUPPORTED,
                    "timestamps that are stored as INT96 are read as those of a table only",
                    Map.of("file", layouts.values().iterator().next()));
        }
        return Relations.parquet(new Relation.ParquetFiles(files, merged(layouts)));
    }

    Schema schema(List<Path> files) throws SQLException {
        return merged(layouts(files));
    }

    private static Schema merged(Map<String, Path> layouts) {
        List<Field> columns = new ArrayList<>();
        Map<String, Path> firsts = new LinkedHashMap<>();
        layouts.forEach((layout, file) -> {
            List<Field> own = parse(layout, file);
            columns.replaceAll(known -> own.stream()
                    .filter(field -> field.name().equalsIgnoreCase(known.name()))
                    .findFirst()
                    .map(field -> merge(known, field, firsts.getOrDefault(key(known), file), file))
                    .orElse(known));
            for (Field field : new Schema(own).fields()) {
                if (firsts.putIfAbsent(key(field), file) == null) {
                    columns.add(field);
                }
            }
        });
        return new Schema(columns);
    }

    private static String key(Field field) {
        return field.name().toLowerCase(Locale.ROOT);
    }

    private static Field merge(Field one, Field other, Path first, Path second) {
        if (!one.name().equals(other.name())) {
            throw mismatch("two files have a column whose names differ in case alone", one, other, first, second);
        }
        return Field.of(one.name(), merge(one, one.type(), other.type(), first, second));
    }

    private static DataType merge(Field column, DataType one, DataType other, Path first, Path second) {
        if (one.equals(other)) {
            return one;
        }
        if (one instanceof DataType.Array a && other instanceof DataType.Array b) {
            return new DataType.Array(merge(column, a.element(), b.element(), first, second), true);
        }
        if (one instanceof DataType.Mapping a && other instanceof DataType.Mapping b) {
            return new DataType.Mapping(
                    merge(column, a.key(), b.key(), first, second),
                    merge(column, a.value(), b.value(), first, second),
                    true);
        }
        if (one instanceof DataType.Struct a && other instanceof DataType.Struct b) {
            List<Field> fields = new ArrayList<>(a.fields());
            for (Field field : b.fields()) {
                int known = -1;
                for (int i = 0; i < fields.size(); i++) {
                    known = fields.get(i).name().equalsIgnoreCase(field.name()) ? i : known;
                }
                if (known < 0) {
                    fields.add(field);
                } else {
                    fields.set(known, merge(fields.get(known), field, first, second));
                }
            }
            return new DataType.Struct(fields);
        }
        throw mismatch(
                "two files have a column of different types",
                Field.of(column.name(), one),
                Field.of(column.name(), other),
                first,
                second);
    }

    private static LakeException mismatch(String problem, Field one, Field other, Path first, Path second) {
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("column", one.name());
        context.put(String.valueOf(first), one.name() + " " + one.type());
        context.put(String.valueOf(second), other.name() + " " + other.type());
        return new LakeException(ErrorCode.SCHEMA_MISMATCH, problem, context);
    }

    /** Each layout with the first file that has it. */
    private Map<String, Path> layouts(List<Path> files) throws SQLException {
        Map<String, Path> layouts = new LinkedHashMap<>();
        for (int from = 0; from < files.size(); from += AT_ONCE) {
            List<Path> some = files.subList(from, Math.min(files.size(), from + AT_ONCE));
            Map<String, String> byFile = new LinkedHashMap<>();
            for (Path file : some) {
                if (!Files.isRegularFile(file)) {
                    throw new LakeException(
                            ErrorCode.DATA_FILE_MISSING, "the Parquet file is not there", Map.of("path", file));
                }
            }
            String sql = "SELECT file_name, to_json(list({'n': name, 'p': type, 't': duckdb_type, 'l': logical_type,"
                    + " 'r': repetition_type, 'c': num_children} ORDER BY column_id))::VARCHAR FROM parquet_schema("
                    + SqlText.fileList(some) + ") GROUP BY file_name";
            statements.queryRaw(sql, Work.quiet(cancellation), result -> {
                while (result.next()) {
                    byFile.put(result.getString(1), result.getString(2));
                }
                return Boolean.TRUE;
            });
            for (Path file : some) {
                String layout = byFile.get(file.toString());
                if (layout == null) {
                    throw new LakeException(
                            ErrorCode.DATA_FILE_CORRUPT, "the file has no columns", Map.of("file", file));
                }
                layouts.putIfAbsent(layout, file);
            }
        }
        return layouts;
    }

    private static List<Field> parse(String layout, Path file) {
        List<Map<?, ?>> elements = new ArrayList<>();
        if (Json.parse(layout) instanceof List<?> list) {
            list.forEach(element -> elements.add((Map<?, ?>) element));
        }
        return new Footer(elements, file).children(elements.get(0));
    }

    /** A footer's elements, which are in the order of a walk down the tree. */
    private static final class Footer {
        private final List<Map<?, ?>> elements;
        private final Path file;
        private int at = 1;

        Footer(List<Map<?, ?>> elements, Path file) {
            this.elements = elements;
            this.file = file;
        }

        List<Field> children(Map<?, ?> of) {
            List<Field> fields = new ArrayList<>();
            long count = of.get("c") instanceof Long number ? number : 0;
            for (long i = 0; i < count; i++) {
                Map<?, ?> element = elements.get(at++);
                fields.add(Field.of(String.valueOf(element.get("n")), type(element)));
            }
            return fields;
        }

        private DataType type(Map<?, ?> element) {
            String duckdb = text(element);
            if (OWN.contains(duckdb) || String.valueOf(element.get("l")).startsWith("Float16")) {
                throw unsupported(element, duckdb);
            }
            if (isLeaf(element)) {
                return leaf(element, duckdb);
            }
            boolean repeated = "REPEATED".equals(element.get("r"));
            if (duckdb.endsWith("[]")) {
                return new DataType.Array(
                        repeated
                                ? new DataType.Struct(children(element))
                                : element(elements.get(at++), duckdb.substring(0, duckdb.length() - 2)),
                        true);
            }
            if (duckdb.startsWith("MAP(")) {
                List<Field> entry = children(repeated ? element : elements.get(at++));
                if (entry.size() != 2) {
                    throw unsupported(element, duckdb);
                }
                return new DataType.Mapping(entry.get(0).type(), entry.get(1).type(), true);
            }
            return new DataType.Struct(children(element));
        }

        /** A list's repeated part holds the element, or in old layouts is it: DuckDB says which. */
        private DataType element(Map<?, ?> part, String duckdb) {
            if (isLeaf(part)) {
                return leaf(part, duckdb);
            }
            boolean holds = Long.valueOf(1).equals(part.get("c"))
                    && text(elements.get(at)).equals(duckdb);
            return holds ? type(elements.get(at++)) : new DataType.Struct(children(part));
        }

        private DataType leaf(Map<?, ?> element, String duckdb) {
            if ("INT96".equals(element.get("p"))) {
                // An instant, as Spark and Hive wrote it, which says nothing of it.
                return duckdb.endsWith("[]") ? new DataType.Array(Primitive.TIMESTAMP, true) : Primitive.TIMESTAMP;
            }
            try {
                return DuckTypes.parse(duckdb);
            } catch (LakeException e) {
                if (e.code() == ErrorCode.TYPE_UNSUPPORTED) {
                    throw unsupported(element, duckdb);
                }
                throw e;
            }
        }

        private static boolean isLeaf(Map<?, ?> element) {
            return !(element.get("c") instanceof Long count) || count == 0;
        }

        private static String text(Map<?, ?> element) {
            return String.valueOf(element.get("t"));
        }

        private LakeException unsupported(Map<?, ?> element, String duckdb) {
            return new LakeException(
                    ErrorCode.TYPE_UNSUPPORTED,
                    "a column of the file has a type that no table can have",
                    Map.of("column", String.valueOf(element.get("n")), "type", duckdb, "file", file));
        }
    }
}
