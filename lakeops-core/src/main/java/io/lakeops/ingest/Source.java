package io.lakeops.ingest;

import io.lakeops.engine.Expr;
import io.lakeops.engine.LoadRequest.RawFormat;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import io.lakeops.table.TableId;
import io.lakeops.table.TableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where raw files come from, what they hold, and which table takes them.
 *
 * @param name unique among the sources of a table; the ledger and the table's transaction ids carry it
 * @param table the table that takes the rows
 * @param glob which files below the raw folder belong to it, as {@link java.nio.file.FileSystem#getPathMatcher} reads a
 *     glob over the path relative to that folder
 * @param format how a file is read, unless a {@link SourceDecoder} reads files of its name
 * @param columns the declared columns, in order; a file may lack those that are not required
 * @param required columns that may not be null: a row without them is rejected
 * @param derived further columns, computed from the source's columns and {@code src_filename}
 * @param partitionColumns of the table
 * @param orderBy columns by which rows are sorted within a data file
 * @param eventDate a partition column of type DATE that says on which day a row happened; lateness is counted by it
 * @param apply where it is set, rows are put in by key instead of appended
 * @param newColumns what happens to undeclared columns
 * @param restated what happens to a file whose content changed
 * @param filesPerBatch how many files one commit takes at the most
 */
public record Source(
        String name,
        TableId table,
        String glob,
        RawFormat format,
        Schema columns,
        List<String> required,
        List<DerivedColumn> derived,
        List<String> partitionColumns,
        List<String> orderBy,
        Optional<String> eventDate,
        Optional<Apply> apply,
        NewColumns newColumns,
        Restated restated,
        int filesPerBatch) {
    /** The columns that ingestion adds to each row. */
    public static final Schema AUDIT = Schema.of(
            Field.of("ingestion_ts", Primitive.TIMESTAMP),
            Field.of("src_filename", Primitive.STRING),
            Field.of("src_row_hash", Primitive.STRING));

    /** The table that takes what can't be loaded. */
    static final TableSpec REJECTS = TableSpec.of(Schema.of(
            Field.of("reject_reason", Primitive.STRING),
            Field.of("src_filename", Primitive.STRING),
            Field.of("src_line", Primitive.LONG),
            Field.of("raw", Primitive.STRING),
            Field.of("batch", Primitive.STRING)));

    public Source {
        Objects.requireNonNull(table);
        Objects.requireNonNull(format);
        required = List.copyOf(required);
        derived = List.copyOf(derived);
        partitionColumns = List.copyOf(partitionColumns);
        orderBy = List.copyOf(orderBy);
        if (name.isBlank() || glob.isBlank() || filesPerBatch < 1) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a source needs a name, a glob and at least one file a batch",
                    Map.of("name", name, "glob", glob, "filesPerBatch", filesPerBatch));
        }
        required.forEach(columns::require);
    }

    /** A source of CSV, JSON lines or the like that is appended, up to 1,000 files a batch. */
    public static Source of(String name, TableId table, String glob, RawFormat format, Schema columns) {
        return new Source(
                name,
                table,
                glob,
                format,
                columns,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                NewColumns.ADD,
                Restated.REPLACE,
                1_000);
    }

    public Source requiring(String... names) {
        return with(draft -> draft.required = List.of(names));
    }

    /** Partitioned by a column that is computed. */
    public Source partitionedBy(Field column, Expr expression) {
        List<DerivedColumn> more = new ArrayList<>(derived);
        more.add(new DerivedColumn(column, expression));
        return with(draft -> {
            draft.derived = more;
            draft.partitionColumns = List.of(column.name());
        });
    }

    public Source orderedBy(String... names) {
        return with(draft -> draft.orderBy = List.of(names));
    }

    public Source withEventDate(String column) {
        return with(draft -> draft.eventDate = Optional.of(column));
    }

    /** Put in by key, one file a batch in the order of names, instead of appended. */
    public Source applied(Apply how) {
        return with(draft -> {
            draft.apply = Optional.of(how);
            draft.filesPerBatch = 1;
        });
    }

    public Source withNewColumns(NewColumns policy) {
        return with(draft -> draft.newColumns = policy);
    }

    public Source withRestated(Restated policy) {
        return with(draft -> draft.restated = policy);
    }

    public Source withFilesPerBatch(int files) {
        return with(draft -> draft.filesPerBatch = files);
    }

    private Source with(Consumer<Draft> change) {
        Draft draft = new Draft();
        change.accept(draft);
        return new Source(
                name,
                table,
                glob,
                format,
                columns,
                draft.required,
                draft.derived,
                draft.partitionColumns,
                draft.orderBy,
                draft.eventDate,
                draft.apply,
                draft.newColumns,
                draft.restated,
                draft.filesPerBatch);
    }

    /** What may be said of a source beside {@link #of}, as it is until it is changed. */
    private final class Draft {
        private List<String> required = Source.this.required;
        private List<DerivedColumn> derived = Source.this.derived;
        private List<String> partitionColumns = Source.this.partitionColumns;
        private List<String> orderBy = Source.this.orderBy;
        private Optional<String> eventDate = Source.this.eventDate;
        private Optional<Apply> apply = Source.this.apply;
        private NewColumns newColumns = Source.this.newColumns;
        private Restated restated = Source.this.restated;
        private int filesPerBatch = Source.this.filesPerBatch;
    }

    /** A column that no file holds. */
    public record DerivedColumn(Field field, Expr expression) {}

    /**
     * Rows are changes of a keyed table.
     *
     * @param key the key's columns
     * @param control a column that says what a row does and is not kept
     * @param deleteWhen which rows delete their key; all others put their row in
     */
    public record Apply(List<String> key, String control, Expr deleteWhen) {
        public Apply {
            key = List.copyOf(key);
        }
    }

    /** The transaction id's application. */
    String application() {
        return "lakeops.ingest/" + name;
    }

    /** The table's first schema: declared columns but the control column, derived ones, audit. */
    Schema tableSchema() {
        List<Field> fields = new ArrayList<>();
        for (Field field : columns.fields()) {
            if (apply.isEmpty() || !apply.get().control().equalsIgnoreCase(field.name())) {
                fields.add(field);
            }
        }
        derived.forEach(d -> fields.add(d.field()));
        fields.addAll(AUDIT.fields());
        return new Schema(fields);
    }
}
