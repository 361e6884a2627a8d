package io.lakeops.quality;

import io.lakeops.Lake;
import io.lakeops.change.Append;
import io.lakeops.change.ChangeResult;
import io.lakeops.check.QualityTables;
import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.json.Json;
import io.lakeops.table.LakeTable;
import io.lakeops.table.SnapshotSelector;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Failing rows, kept in a table below the lake with the check that they fail, the table's version and the data file.
 *
 * <p>Shape: {@link QualityTables#FAILING_ROWS}; the row itself is a JSON text. How many are kept is bounded by the run's
 * options. A check's failing rows of one version are kept once, however often the suite is run; without versions, the same
 * row is.
 */
public final class FailingRowStore {
    private final Lake lake;

    private FailingRowStore(Lake lake) {
        this.lake = lake;
    }

    /** The failing rows of a lake; the table is made when the first are kept. */
    public static FailingRowStore of(Lake lake) {
        return new FailingRowStore(lake);
    }

    /** Keeps the failing rows that a run fetched and that are not kept yet, in one commit. */
    public ChangeResult keep(SuiteResult result, Session session, Run run) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        result.results().forEach(check -> rows.addAll(rows(result, check)));
        if (rows.isEmpty()) {
            return new ChangeResult(-1, ChangeResult.Outcome.NOTHING_TO_DO, 0, 0, 0, 0, 0, 0, 0);
        }
        LakeTable table =
                QualityStorage.openOrCreate(lake, QualityTables.FAILING_ROWS_PATH, QualityTables.FAILING_ROWS);
        Map<String, Relation> inputs = new LinkedHashMap<>();
        inputs.put("found", LiteralRows.of(QualityTables.FAILING_ROWS.schema(), rows));
        inputs.put("kept", Relation.TableRows.all(table.snapshot(SnapshotSelector.latest())));
        return Append.of(new Relation.Derived(Expr.of("""
                                SELECT * FROM found AS f
                                WHERE NOT EXISTS (SELECT 1 FROM kept AS k WHERE k.failure_key = f.failure_key)
                                  AND NOT EXISTS (SELECT 1 FROM kept AS v WHERE v.table_name = f.table_name
                                                  AND v.table_version = f.table_version
                                                  AND v.check_name = f.check_name)"""), inputs)).run(table, session, run);
    }

    /** In the order of {@link QualityTables#FAILING_ROWS}. */
    private static List<List<@Nullable Object>> rows(SuiteResult run, CheckResult check) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        CheckResult.Subject subject = check.subject();
        OptionalLong version = subject.tableVersion();
        Map<String, Integer> repeats = new HashMap<>();
        for (CheckResult.FailingRow failing : check.failingRows()) {
            String json = Json.write(plain(failing.values()));
            String file = failing.file().orElse(null);
            // Rows that are alike in every column are told apart by their number, so that none is lost.
            int repeat = repeats.merge(json, 1, Integer::sum);
            String rowKey = sha256(subject.table(), version.toString(), json, Integer.toString(repeat));
            rows.add(Arrays.asList(
                    sha256(rowKey, subject.checkName()),
                    rowKey,
                    subject.table(),
                    version.isPresent() ? (Long) version.getAsLong() : null,
                    file,
                    null,
                    subject.checkName(),
                    subject.type(),
                    check.verdict().expected().orElse("") + ": "
                            + check.verdict().observed().orElse(""),
                    json,
                    run.runId(),
                    run.executedAt()));
        }
        return rows;
    }

    private static Map<String, @Nullable Object> plain(Map<String, @Nullable Object> values) {
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        values.forEach((name, value) -> plain.put(
                name, value instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : value));
        return plain;
    }

    private static String sha256(String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
