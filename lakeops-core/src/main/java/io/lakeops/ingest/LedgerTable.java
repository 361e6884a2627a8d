package io.lakeops.ingest;

import io.lakeops.Lake;
import io.lakeops.change.Delete;
import io.lakeops.check.CommonSql;
import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Rows;
import io.lakeops.engine.Session;
import io.lakeops.engine.WriteRequest;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.CommitOutcomeUnknownException;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Attempts;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.FileChange;
import io.lakeops.table.Isolation;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Literal;
import io.lakeops.table.Operation;
import io.lakeops.table.Predicate;
import io.lakeops.table.Reads;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableRules;
import io.lakeops.table.TableSpec;
import io.lakeops.view.LakeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The Delta table in which a table's ledger is kept, {@code _ledger/<table>} below the lake.
 *
 * <p>Every write is a commit that read the whole ledger, so that two ingesters can't both write an intent for one batch:
 * the second meets the first's commit and plans again.
 */
public final class LedgerTable {
    /** The folder of all ledgers, below the lake. */
    public static final String FOLDER = "_ledger";

    static final TableSpec SPEC = TableSpec.of(Schema.of(
            Field.of("kind", Primitive.STRING).required(),
            Field.of("source", Primitive.STRING).required(),
            Field.of("table_name", Primitive.STRING).required(),
            Field.of("batch_number", Primitive.LONG),
            Field.of("batch_id", Primitive.STRING).required(),
            Field.of("src_path", Primitive.STRING).required(),
            Field.of("file_hash", Primitive.STRING).required(),
            Field.of("file_size_bytes", Primitive.LONG).required(),
            Field.of("modified_at", Primitive.TIMESTAMP).required(),
            Field.of("row_count", Primitive.LONG).required(),
            Field.of("reject_count", Primitive.LONG).required(),
            Field.of("status", Primitive.STRING).required(),
            Field.of("error_message", Primitive.STRING),
            Field.of("processed_at", Primitive.TIMESTAMP).required(),
            Field.of("processing_duration_ms", Primitive.LONG).required(),
            Field.of("table_version", Primitive.LONG),
            Field.of("ledger_version", Primitive.LONG).required()));

    /**
     * One row for each time a file was met. A file counts as {@code loaded} once its batch is known to be committed, is
     * {@code pending} until then, and {@code restored_away} once a RESTORE went below its batch.
     */
    public static final LakeView MANIFEST_PROCESSED_FILES = new LakeView(
            "manifest_processed_files",
            new LakeView.Backing.EveryTableIn(FOLDER),
            Schema.of(
                    Field.of("src_path", Primitive.STRING),
                    Field.of("file_hash", Primitive.STRING),
                    Field.of("file_size_bytes", Primitive.LONG),
                    Field.of("row_count", Primitive.LONG),
                    Field.of("reject_count", Primitive.LONG),
                    Field.of("status", Primitive.STRING),
                    Field.of("error_message", Primitive.STRING),
                    Field.of("processed_at", Primitive.TIMESTAMP),
                    Field.of("processing_duration_ms", Primitive.LONG),
                    Field.of("batch_id", Primitive.STRING),
                    Field.of("table_version", Primitive.LONG),
                    Field.of("source", Primitive.STRING),
                    Field.of("table_name", Primitive.STRING)),
            """
            SELECT f.src_path, f.file_hash, f.file_size_bytes, f.row_count, f.reject_count,
                   CASE WHEN f.status <> 'loaded' THEN f.status
                        WHEN b.status IS NULL THEN 'pending'
                        WHEN b.status = 'committed' THEN 'loaded'
                        WHEN b.status = 'fallen' THEN 'restored_away'
                        ELSE b.status END AS status,
                   f.error_message, f.processed_at, f.processing_duration_ms, f.batch_id, b.table_version,
                   f.source, f.table_name
            FROM (SELECT * FROM {table} AS ledger_files WHERE kind = 'file') AS f
            LEFT JOIN (SELECT table_name, source, batch_number, status, table_version,
                              row_number() OVER (PARTITION BY table_name, source, batch_number
                                                 ORDER BY ledger_version DESC) AS recency
                       FROM {table} AS ledger_batches WHERE kind = 'batch') AS b
              ON b.table_name = f.table_name AND b.source = f.source AND b.batch_number = f.batch_number
                 AND b.recency = 1""");

    private final LakeTable table;
    private final String source;
    private final String tableName;
    private final Session session;
    private final Run run;

    LedgerTable(Lake lake, Source source, Session session, Run run) {
        this.table = LakeTables.openOrCreate(lake, FOLDER, source.table().name(), SPEC);
        this.source = source.name();
        this.tableName = source.table().toString();
        this.session = session;
        this.run = run;
    }

    /** The ledger's newest version and its rows of this source. */
    Read read() {
        Snapshot snapshot = table.snapshot(io.lakeops.table.SnapshotSelector.latest());
        Expr mine = new Expr(
                "source = " + CommonSql.literal(source),
                "common",
                new Predicate.Comparison(List.of("source"), Predicate.Operator.EQUAL, new Literal(source)));
        Rows rows = session.rows(
                new Relation.Filtered(Relation.TableRows.all(snapshot), mine), Long.MAX_VALUE, run.cancellation());
        List<LedgerRow> ledger = new ArrayList<>();
        for (int i = 0; i < rows.rows().size(); i++) {
            ledger.add(row(rows, i));
        }
        return new Read(snapshot, ledger);
    }

    /**
     * Adds rows on top of what was read.
     *
     * <p>Errors: COMMIT_CONFLICT where somebody else wrote since.
     */
    void add(Snapshot base, List<LedgerRow> rows) {
        String values = rows.stream()
                .map(r -> r.values(source, tableName, base.version() + 1).stream()
                        .map(LedgerTable::literal)
                        .collect(Collectors.joining(", ", "(", ")")))
                .collect(Collectors.joining(",\n"));
        String names = SPEC.schema().names().stream().map(CommonSql::name).collect(Collectors.joining(", "));
        List<WrittenFile> files = session.write(
                WriteRequest.into(
                        base,
                        new Relation.Query(
                                Expr.of("SELECT * FROM (VALUES " + values + ") AS ledger_rows(" + names + ")"))),
                run.cancellation());
        Operation operation = new Operation(
                "WRITE", Map.of("mode", "Append", "partitionBy", "[]"), Map.of("numOutputRows", "" + rows.size()));
        List<FileChange> adds = files.stream()
                .map(f -> (FileChange) new FileChange.Add(f.dataFile(), true))
                .toList();
        try {
            // Serializable: whoever added rows since, however blindly, may have taken the number that these rows are
            // about.
            CommitResult result = table.commit(
                    base,
                    CommitSpec.of(operation, new Reads.WholeTable(), adds)
                            .withIsolation(Isolation.SERIALIZABLE)
                            .withRules(TableRules.of(base)));
            if (!(result instanceof CommitResult.Committed)) {
                throw new LakeException(ErrorCode.INTERNAL, "a ledger's commit carries no sequence, yet was " + result);
            }
        } catch (CommitOutcomeUnknownException unknown) {
            // The commit may name the files.
            throw unknown;
        } catch (LakeException failed) {
            Staged.delete(files, run);
            throw failed;
        }
    }

    /** Adds rows whatever others wrote since: facts that hold by themselves. */
    void note(List<LedgerRow> rows) {
        Attempts.run(table, "WRITE", run, attempt -> {
            add(attempt.base(), rows);
            return rows.size();
        });
    }

    /** Takes a batch's intent back, once its number can't be committed any more. */
    void forget(long batch) {
        Delete.where(Expr.of("kind = 'file' AND status = 'loaded' AND source = " + CommonSql.literal(source)
                        + " AND batch_number = " + batch))
                .run(table, session, run);
    }

    private static String literal(@Nullable Object value) {
        return value == null
                ? "NULL"
                : CommonSql.literal(value instanceof String text ? text.replace('\0', '\uFFFD') : value);
    }

    private static LedgerRow row(Rows rows, int i) {
        return new LedgerRow(
                text(rows, i, "kind"),
                number(rows, i, "batch_number"),
                text(rows, i, "batch_id"),
                text(rows, i, "src_path"),
                text(rows, i, "file_hash"),
                number(rows, i, "file_size_bytes").orElse(0),
                instant(rows, i, "modified_at"),
                number(rows, i, "row_count").orElse(0),
                number(rows, i, "reject_count").orElse(0),
                text(rows, i, "status"),
                Optional.ofNullable((String) rows.value(i, "error_message")),
                instant(rows, i, "processed_at"),
                number(rows, i, "processing_duration_ms").orElse(0),
                number(rows, i, "table_version"),
                number(rows, i, "ledger_version").orElse(0));
    }

    private static String text(Rows rows, int i, String column) {
        return (String) Objects.requireNonNull(rows.value(i, column), column);
    }

    private static Instant instant(Rows rows, int i, String column) {
        return (Instant) Objects.requireNonNull(rows.value(i, column), column);
    }

    private static OptionalLong number(Rows rows, int i, String column) {
        return rows.value(i, column) instanceof Number number
                ? OptionalLong.of(number.longValue())
                : OptionalLong.empty();
    }

    /** A version of the ledger and its rows of one source. */
    record Read(Snapshot base, List<LedgerRow> rows) {}
}
