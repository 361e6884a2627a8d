package io.lakeops.duckdb.lake;

import io.lakeops.change.ChangeResult;
import io.lakeops.change.CloneResult;
import io.lakeops.change.CloneTable;
import io.lakeops.change.ConvertFolder;
import io.lakeops.change.CreateTable;
import io.lakeops.context.Run;
import io.lakeops.duckdb.engine.DuckDbSession;
import io.lakeops.duckdb.spark.SparkExpression;
import io.lakeops.duckdb.sql.Verb;
import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.provider.Providers;
import io.lakeops.table.CharLengths;
import io.lakeops.table.Field;
import io.lakeops.table.Predicate;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableRules;
import io.lakeops.table.TableSpec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs the verbs that make a table, or change what it is. */
final class DefinitionVerbs {
    /** In what CREATE TABLE makes its tables. */
    private static final String FORMAT = "delta";

    private final LakeSession session;
    private final Tables tables;
    private final Providers<TableFormat> formats;

    DefinitionVerbs(LakeSession session, Tables tables, Providers<TableFormat> formats) {
        this.session = session;
        this.tables = tables;
        this.formats = formats;
    }

    VerbResult run(Verb.Definition verb, Run run) throws SQLException {
        if (verb instanceof Verb.Alter alter) {
            return new AlterVerbs(tables).run(alter, run);
        }
        if (verb instanceof Verb.Clone clone) {
            return clone(clone, run);
        }
        if (verb instanceof Verb.Convert convert) {
            return convert(convert, run);
        }
        return create((Verb.Create) verb, run);
    }

    private VerbResult convert(Verb.Convert convert, Run run) throws SQLException {
        TableLocation location = TablePaths.location(convert.path());
        List<Field> partitions = convert.partitionedBy().isEmpty() ? List.of() : fields(convert.partitionedBy());
        try (DuckDbSession engine = tables.engine()) {
            new ConvertFolder(partitions, convert.statistics(), Optional.empty())
                    .run(formats.require(FORMAT), TableId.of(location), location, engine, run);
        }
        session.refresh();
        session.learnNames();
        return VerbResult.none();
    }

    private VerbResult clone(Verb.Clone clone, Run run) throws SQLException {
        TableFormat format = formats.require(FORMAT);
        TableLocation location = tables.locationOfNew(clone.table());
        if (clone.ifNotExists() && format.recognizes(location)) {
            return VerbResult.none();
        }
        SnapshotSelector at = SnapshotSelector.latest();
        if (clone.version().isPresent()) {
            at = SnapshotSelector.version(clone.version().getAsLong());
        } else if (clone.timestamp().isPresent()) {
            at = SnapshotSelector.asOf(tables.instant(clone.timestamp().get()));
        }
        Snapshot source = tables.table(clone.source()).snapshot(at);
        CloneResult result = new CloneTable(source, clone.deep(), clone.replace(), clone.properties(), Optional.empty())
                .run(format, TableId.of(location), location, Optional.empty(), run);
        session.refresh();
        session.learnNames();
        return VerbResult.rows(LiteralTable.of(
                        "source_table_size BIGINT",
                        "source_num_of_files BIGINT",
                        "num_removed_files BIGINT",
                        "num_copied_files BIGINT",
                        "removed_files_size BIGINT",
                        "copied_files_size BIGINT")
                .with(
                        result.sourceBytes(),
                        result.sourceFiles(),
                        result.filesRemoved(),
                        result.filesCopied(),
                        result.bytesRemoved(),
                        result.bytesCopied()));
    }

    private VerbResult create(Verb.Create create, Run run) throws SQLException {
        TableFormat format = formats.require(FORMAT);
        TableLocation location = tables.locationOfNew(create.table());
        if (create.ifNotExists() && format.recognizes(location)) {
            return VerbResult.none();
        }
        Optional<Relation> rows = Optional.empty();
        if (create.query().isPresent()) {
            String query = create.query().get();
            if (session.mayReadLake(query)) {
                session.probe(query, LakeSession.Parameters.NONE);
            }
            rows = Optional.of(new Relation.Query(new Expr(query, "duckdb", Predicate.always())));
        }
        ChangeResult result;
        try (DuckDbSession engine = tables.engine()) {
            TableSpec spec = new TableSpec(
                    rows.isPresent() ? engine.schema(rows.get()) : new Schema(fields(create.columns())),
                    create.partitionedBy(),
                    create.clusterBy(),
                    create.properties(),
                    create.comment());
            result = new CreateTable(spec, rows, create.replace(), Optional.empty())
                    .run(
                            new ChangedFormat(format, tables.binder()),
                            TableId.of(location),
                            location,
                            Optional.empty(),
                            engine,
                            run);
        }
        session.refresh();
        session.learnNames();
        return create.query().isEmpty()
                ? VerbResult.none()
                : VerbResult.changed(
                        LiteralTable.of("num_affected_rows BIGINT", "num_inserted_rows BIGINT")
                                .with(result.insertedRows(), result.insertedRows()),
                        result.insertedRows());
    }

    /** DuckDB reads the types, so that all its names for them are known. */
    private List<Field> fields(List<Verb.ColumnDefinition> columns) throws SQLException {
        String sql = columns.stream()
                .map(c -> "NULL::" + c.type() + " AS " + SqlText.identifier(c.name()))
                .collect(Collectors.joining(", ", "DESCRIBE SELECT ", ""));
        List<Field> fields = new ArrayList<>();
        try (Statement statement = tables.connection().createStatement();
                ResultSet described = statement.executeQuery(sql)) {
            for (Verb.ColumnDefinition column : columns) {
                described.next();
                Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
                column.comment().ifPresent(c -> metadata.put("comment", c));
                CharLengths.declared(column.type()).ifPresent(text -> metadata.put(CharLengths.METADATA_KEY, text));
                column.byDefault().ifPresent(text -> metadata.put(TableRules.DEFAULT, text));
                column.generated().ifPresent(text -> metadata.put(TableRules.GENERATION, text));
                Field field = new Field(
                        column.name(),
                        DuckTypes.parse(described.getString("column_type")),
                        column.nullable(),
                        column.name(),
                        OptionalInt.empty(),
                        metadata);
                fields.add(column.identity().map(i -> i.marked(field)).orElse(field));
            }
        }
        requireComputable(new Schema(fields));
        return fields;
    }

    /** A table whose rows could not be completed here is not made here. */
    private static void requireComputable(Schema schema) {
        TableRules rules = TableRules.of(schema, Map.of());
        for (TableRules.Computed one : rules.defaults()) {
            SparkExpression.byDefault(
                    one.expression(), schema.require(one.column()).type());
        }
        for (TableRules.Computed one : rules.generated()) {
            SparkExpression expression = SparkExpression.of(one.expression(), schema, Field::name);
            expression.as(schema.require(one.column()).type(), one.expression());
            boolean ofGenerated = expression.columns().stream()
                    .anyMatch(c -> TableRules.find(rules.generated(), c).isPresent());
            if (ofGenerated || TableRules.find(rules.defaults(), one.column()).isPresent()) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "a generated column has no default, and is not generated from generated columns",
                        Map.of("column", one.column()));
            }
        }
    }
}
