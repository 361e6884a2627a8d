package io.lakeops.quality;

import io.lakeops.Lake;
import io.lakeops.change.Append;
import io.lakeops.change.ChangeResult;
import io.lakeops.check.CommonSql;
import io.lakeops.check.History;
import io.lakeops.check.Outcome;
import io.lakeops.check.QualityTables;
import io.lakeops.check.Status;
import io.lakeops.context.Cancellation;
import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Rows;
import io.lakeops.engine.Session;
import io.lakeops.json.Json;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Sequence;
import io.lakeops.table.SnapshotSelector;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The history of results: a table below the lake that any engine reads, passes kept as well as failures.
 *
 * <p>Shape: {@link QualityTables#RESULTS}. A run is kept once, however often it is handed in.
 */
public final class ResultStore {
    private final Lake lake;

    private ResultStore(Lake lake) {
        this.lake = lake;
    }

    /** The history of a lake; made at the first run that is kept. */
    public static ResultStore of(Lake lake) {
        return new ResultStore(lake);
    }

    /** Keeps all results of a run, in one commit. */
    public ChangeResult keep(SuiteResult result, Session session, Run run) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        result.results().forEach(check -> rows.add(row(result, check)));
        LakeTable table = QualityStorage.openOrCreate(lake, QualityTables.RESULTS_PATH, QualityTables.RESULTS);
        if (rows.isEmpty()) {
            long version = table.snapshot(SnapshotSelector.latest()).version();
            return new ChangeResult(version, ChangeResult.Outcome.NOTHING_TO_DO, 0, 0, 0, 0, 0, 0, 0);
        }
        return Append.of(LiteralRows.of(QualityTables.RESULTS.schema(), rows))
                .withOnce(new Sequence("lakeops-quality-run:" + result.runId(), 1))
                .run(table, session, run);
    }

    /** Earlier results, for checks that look back. */
    public CheckHistory history(Session session, Cancellation cancellation) {
        return (table, checkName, runs) -> {
            Optional<LakeTable> results = QualityStorage.find(lake, QualityTables.RESULTS_PATH);
            if (results.isEmpty()) {
                return History.none();
            }
            String newest =
                    "SELECT as_of, table_version, status, pass_rate, measurements FROM results WHERE table_name = "
                            + CommonSql.literal(table) + " AND check_name = " + CommonSql.literal(checkName)
                            + " ORDER BY executed_at DESC, run_id DESC LIMIT " + runs;
            Rows rows = session.rows(
                    new Relation.Derived(
                            Expr.of("SELECT * FROM (" + newest + ") AS newest ORDER BY as_of"),
                            Map.of(
                                    "results",
                                    Relation.TableRows.all(results.get().snapshot(SnapshotSelector.latest())))),
                    runs,
                    cancellation);
            List<History.Run> past = new ArrayList<>();
            for (int i = 0; i < rows.rows().size(); i++) {
                past.add(past(rows, i));
            }
            return new History(past);
        };
    }

    private static History.Run past(Rows rows, int i) {
        Object version = rows.value(i, "table_version");
        Object passRate = rows.value(i, "pass_rate");
        if (!(rows.value(i, "as_of") instanceof Instant asOf)) {
            throw new IllegalStateException("as_of is no instant: " + rows.value(i, "as_of"));
        }
        return new History.Run(
                asOf,
                version == null ? OptionalLong.empty() : OptionalLong.of(((Number) version).longValue()),
                Status.of(String.valueOf(rows.value(i, "status"))),
                passRate == null ? OptionalDouble.empty() : OptionalDouble.of(((Number) passRate).doubleValue()),
                Json.parseObject(String.valueOf(rows.value(i, "measurements"))));
    }

    /** In the order of {@link QualityTables#RESULTS}. */
    private static List<@Nullable Object> row(SuiteResult run, CheckResult check) {
        CheckResult.Subject subject = check.subject();
        CheckResult.Verdict verdict = check.verdict();
        Optional<Outcome.Tally> tally = verdict.tally();
        Optional<CheckResult.Cost> cost = check.reading().flatMap(CheckResult.Reading::cost);
        return Arrays.asList(
                run.runId(),
                run.suite(),
                subject.table(),
                subject.type(),
                subject.checkName(),
                subject.column().orElse(null),
                subject.arguments().json(),
                run.executedAt(),
                run.asOf(),
                LocalDate.ofInstant(run.executedAt(), ZoneOffset.UTC),
                check.status().word(),
                subject.definition().severity().word(),
                subject.definition().threshold(),
                tally.map(Outcome.Tally::rows).orElse(null),
                tally.map(Outcome.Tally::failures).orElse(null),
                tally.map(Outcome.Tally::reported).orElse(null),
                tally.map(Outcome.Tally::passRate).orElse(null),
                verdict.expected().orElse(null),
                verdict.observed().orElse(null),
                verdict.message().orElse(null),
                Json.write(
                        check.reading().map(CheckResult.Reading::measurements).orElse(Map.of())),
                subject.tableVersion().isPresent()
                        ? (Long) subject.tableVersion().getAsLong()
                        : null,
                check.reading().map(reading -> reading.evidence().name()).orElse(null),
                cost.map(CheckResult.Cost::filesRead).orElse(null),
                cost.map(CheckResult.Cost::filesSkipped).orElse(null),
                cost.map(CheckResult.Cost::bytesRead).orElse(null),
                cost.map(CheckResult.Cost::bytesSkipped).orElse(null),
                check.duration().toMillis());
    }
}
