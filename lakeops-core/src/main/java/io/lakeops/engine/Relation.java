package io.lakeops.engine;

import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.RowIdColumns;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableRules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Rows that an engine can read. */
public sealed interface Relation {
    /**
     * The live rows of some files of a snapshot, as the snapshot's schema shows them.
     *
     * @param rowIds the columns behind the table's in which each row has its id and version, where they are wanted
     */
    record TableRows(Snapshot snapshot, List<DataFile> files, Optional<RowIdColumns> rowIds) implements Relation {
        public TableRows {
            Objects.requireNonNull(snapshot);
            files = List.copyOf(files);
        }

        public TableRows(Snapshot snapshot, List<DataFile> files) {
            this(snapshot, files, Optional.empty());
        }

        /** Rows that are to be written again: with their ids, where the table keeps them. */
        public static TableRows moving(Snapshot snapshot, List<DataFile> files) {
            return new TableRows(
                    snapshot, files, RowIdColumns.of(snapshot.detail().properties()));
        }

        /** All rows of a snapshot. */
        public static TableRows all(Snapshot snapshot) {
            return new TableRows(snapshot, snapshot.scan().files());
        }
    }

    /** The columns for ids that the rows have behind those of their table. */
    static Optional<RowIdColumns> rowIds(Relation relation) {
        if (relation instanceof TableRows table) {
            return table.rowIds();
        }
        if (relation instanceof Filtered filtered) {
            return rowIds(filtered.input());
        }
        if (relation instanceof Except except) {
            return rowIds(except.input());
        }
        return relation instanceof Updated updated ? updated.input().rowIds() : Optional.empty();
    }

    /** The rows of plain Parquet files, columns matched by name. */
    record ParquetFiles(List<Path> files, Schema schema) implements Relation {
        public ParquetFiles {
            files = List.copyOf(files);
            Objects.requireNonNull(schema);
        }
    }

    /**
     * The rows of plain Parquet files with the columns that they have themselves: those of all files, in the order in which
     * they are found; a file without one has null there. SCHEMA_MISMATCH where two files have a column of different types.
     */
    record StoredRows(List<Path> files) implements Relation {
        public StoredRows {
            files = List.copyOf(files);
        }
    }

    /**
     * The rows that some versions of a table brought and took: its columns, then {@link #TYPE}, {@link #VERSION} and
     * {@link #TIMESTAMP}.
     *
     * <p>Where {@code compared}, rows that a version both took and brought are no change: what is left of them is counted
     * row by row, equal rows as often as they came or went. Then, with a {@code key}, a row taken and a row brought by one
     * version, each the only one of its key, are the two images of an update; keys match only where none is null.
     *
     * @param readAs the version as whose schema the rows are read
     * @param files the files whose rows changed; their partition values are by the names in {@code readAs}
     * @param compared whether the files tell no change of a row, but were only rewritten with it
     * @param key columns that name a row, for {@code compared}; may be empty
     */
    record Changes(Snapshot readAs, List<ChangedFile> files, boolean compared, List<String> key) implements Relation {
        /** The column that says how a row changed: insert, delete, update_preimage or update_postimage. */
        public static final String TYPE = "_change_type";
        /** The column for the version that changed it, a LONG. */
        public static final String VERSION = "_commit_version";
        /** The column for the time of that version, a TIMESTAMP. */
        public static final String TIMESTAMP = "_commit_timestamp";

        public Changes {
            Objects.requireNonNull(readAs);
            files = List.copyOf(files);
            key = List.copyOf(key);
        }

        /** The columns; SCHEMA_MISMATCH where the table has one of those three itself. */
        public Schema schema() {
            List<Field> fields = new ArrayList<>(readAs.schema().fields());
            fields.add(Field.of(TYPE, DataType.Primitive.STRING));
            fields.add(Field.of(VERSION, DataType.Primitive.LONG));
            fields.add(Field.of(TIMESTAMP, DataType.Primitive.TIMESTAMP));
            return new Schema(fields);
        }
    }

    /** What a query in the engine's dialect returns. */
    record Query(Expr sql) implements Relation {}

    /**
     * What a query returns that reads other relations by the names that {@code inputs} gives them: each is a common table
     * expression of that name around the query.
     */
    record Derived(Expr sql, Map<String, Relation> inputs) implements Relation {
        public Derived {
            Objects.requireNonNull(sql);
            inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        }
    }

    /** The rows of {@code input} for which {@code condition} is true; false and null drop a row. */
    record Filtered(Relation input, Expr condition) implements Relation {}

    /** The rows of {@code input} for which {@code condition} is false or null: what a DELETE leaves. */
    record Except(Relation input, Expr condition) implements Relation {}

    /**
     * The rows of {@code input}, of which those for which {@code condition} is true have new values, cast to the columns'
     * types: what an UPDATE makes.
     *
     * A row's id stays, and its version is null in a row with new values.
     *
     * @param others whether the other rows come along as they are
     */
    record Updated(TableRows input, Expr condition, List<Assignment> set, boolean others) implements Relation {
        public Updated {
            set = List.copyOf(set);
        }

        public Updated(TableRows input, Expr condition, List<Assignment> set) {
            this(input, condition, set, true);
        }

        /** Generated columns that get no value here: they are null in the rows that do, so that they are computed. */
        public List<String> notGiven(TableRules rules) {
            return rules.generated().stream()
                    .map(TableRules.Computed::column)
                    .filter(c -> set.stream().noneMatch(a -> a.column().equalsIgnoreCase(c)))
                    .toList();
        }

        /** The rows with new values and no other. */
        public static Updated only(TableRows input, Expr condition, List<Assignment> set) {
            return new Updated(input, condition, set, false);
        }
    }

    /**
     * Rows as a change feed records them: those of each image, with what became of them in {@link Changes#TYPE} behind the
     * columns.
     * All images have the same columns.
     */
    record ChangeRecords(List<Image> images) implements Relation {
        public ChangeRecords {
            images = List.copyOf(images);
        }
    }

    /** Rows of which one thing became. {@code type}: insert, delete, update_preimage or update_postimage. */
    record Image(Relation rows, String type) {}
}
