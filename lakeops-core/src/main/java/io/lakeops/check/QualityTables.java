package io.lakeops.check;

import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import io.lakeops.table.TableSpec;
import io.lakeops.view.LakeView;
import java.util.List;

/** The tables in which results and failing rows are kept below the lake, and the views that show them. */
public final class QualityTables {
    /** Where results are kept, below the lake's folder. */
    public static final String RESULTS_PATH = "_quality/results";

    /** Where failing rows are kept, below the lake's folder. */
    public static final String FAILING_ROWS_PATH = "_quality/failing_rows";

    /** One row for each check of each run; passes too. */
    public static final TableSpec RESULTS = TableSpec.of(Schema.of(
            Field.of("run_id", Primitive.STRING).required(),
            Field.of("suite", Primitive.STRING).required(),
            Field.of("table_name", Primitive.STRING).required(),
            Field.of("check_type", Primitive.STRING).required(),
            Field.of("check_name", Primitive.STRING).required(),
            Field.of("column_name", Primitive.STRING),
            Field.of("arguments", Primitive.STRING).required(),
            Field.of("executed_at", Primitive.TIMESTAMP).required(),
            Field.of("as_of", Primitive.TIMESTAMP).required(),
            Field.of("check_date", Primitive.DATE).required(),
            Field.of("status", Primitive.STRING).required(),
            Field.of("severity", Primitive.STRING).required(),
            Field.of("threshold", Primitive.STRING).required(),
            Field.of("rows", Primitive.LONG),
            Field.of("failures", Primitive.LONG),
            Field.of("reported_failures", Primitive.LONG),
            Field.of("pass_rate", Primitive.DOUBLE),
            Field.of("expected", Primitive.STRING),
            Field.of("observed", Primitive.STRING),
            Field.of("message", Primitive.STRING),
            Field.of("measurements", Primitive.STRING).required(),
            Field.of("table_version", Primitive.LONG),
            Field.of("evidence", Primitive.STRING),
            Field.of("files_read", Primitive.LONG),
            Field.of("files_skipped", Primitive.LONG),
            Field.of("bytes_read", Primitive.LONG),
            Field.of("bytes_skipped", Primitive.LONG),
            Field.of("duration_ms", Primitive.LONG).required()));

    /** One row for each failing row and check; {@code row_key} is the same for all reasons of a row. */
    public static final TableSpec FAILING_ROWS = TableSpec.of(Schema.of(
            Field.of("failure_key", Primitive.STRING).required(),
            Field.of("row_key", Primitive.STRING).required(),
            Field.of("table_name", Primitive.STRING).required(),
            Field.of("table_version", Primitive.LONG),
            Field.of("file_path", Primitive.STRING),
            Field.of("row_position", Primitive.LONG),
            Field.of("check_name", Primitive.STRING).required(),
            Field.of("check_type", Primitive.STRING).required(),
            Field.of("reason", Primitive.STRING).required(),
            Field.of("row_json", Primitive.STRING).required(),
            Field.of("run_id", Primitive.STRING).required(),
            Field.of("found_at", Primitive.TIMESTAMP).required()));

    /**
     * Pass rates from 0 to 100. A check that could not be run counts as 0, so that no query takes it for a pass; one
     * without data has none and warns.
     */
    public static final LakeView DATA_QUALITY_METRICS = new LakeView(
            "data_quality_metrics",
            new LakeView.Backing.OneTable(RESULTS_PATH),
            Schema.of(
                    Field.of("table_name", Primitive.STRING),
                    Field.of("check_type", Primitive.STRING),
                    Field.of("check_name", Primitive.STRING),
                    Field.of("column_name", Primitive.STRING),
                    Field.of("check_date", Primitive.DATE),
                    Field.of("as_of", Primitive.TIMESTAMP),
                    Field.of("executed_at", Primitive.TIMESTAMP),
                    Field.of("pass_rate", Primitive.DOUBLE),
                    Field.of("status", Primitive.STRING),
                    Field.of("check_status", Primitive.STRING),
                    Field.of("failures", Primitive.LONG),
                    Field.of("rows", Primitive.LONG),
                    Field.of("threshold", Primitive.STRING),
                    Field.of("severity", Primitive.STRING),
                    Field.of("table_version", Primitive.LONG),
                    Field.of("evidence", Primitive.STRING),
                    Field.of("files_read", Primitive.LONG),
                    Field.of("files_skipped", Primitive.LONG),
                    Field.of("bytes_read", Primitive.LONG),
                    Field.of("bytes_skipped", Primitive.LONG),
                    Field.of("duration_ms", Primitive.LONG),
                    Field.of("message", Primitive.STRING),
                    Field.of("suite", Primitive.STRING),
                    Field.of("run_id", Primitive.STRING)),
            """
            SELECT table_name, check_type, check_name, column_name, check_date, as_of, executed_at, pass_rate,
                   CASE WHEN pass_rate IS NULL THEN 'WARNING'
                        WHEN pass_rate < 95 THEN 'ALERT'
                        WHEN pass_rate < 99 THEN 'WARNING'
                        ELSE 'OK' END AS status,
                   check_status, failures, rows, threshold, severity, table_version, evidence,
                   files_read, files_skipped, bytes_read, bytes_skipped, duration_ms, message, suite, run_id
            FROM (SELECT table_name, check_type, check_name, column_name, check_date, as_of, executed_at,
                         CASE WHEN status = 'error' THEN CAST(0 AS DOUBLE) ELSE pass_rate END AS pass_rate,
                         status AS check_status, failures, rows, threshold, severity, table_version, evidence,
                         files_read, files_skipped, bytes_read, bytes_skipped, duration_ms, message, suite, run_id
                  FROM {table}) AS results""");

    /** Results in dbt's words; {@code failures} counts what dbt counts. */
    public static final LakeView DBT_TEST_RESULTS = new LakeView(
            "dbt_test_results",
            new LakeView.Backing.OneTable(RESULTS_PATH),
            Schema.of(
                    Field.of("test_name", Primitive.STRING),
                    Field.of("table_name", Primitive.STRING),
                    Field.of("status", Primitive.STRING),
                    Field.of("failures", Primitive.LONG),
                    Field.of("executed_at", Primitive.TIMESTAMP),
                    Field.of("column_name", Primitive.STRING),
                    Field.of("test_type", Primitive.STRING),
                    Field.of("severity", Primitive.STRING),
                    Field.of("message", Primitive.STRING),
                    Field.of("execution_time", Primitive.DOUBLE),
                    Field.of("table_version", Primitive.LONG),
                    Field.of("as_of", Primitive.TIMESTAMP),
                    Field.of("suite", Primitive.STRING),
                    Field.of("invocation_id", Primitive.STRING)),
            """
            SELECT check_name AS test_name, table_name,
                   CASE WHEN status = 'no_data' THEN 'warn' ELSE status END AS status,
                   reported_failures AS failures, executed_at, column_name, check_type AS test_type, severity,
                   message, CAST(duration_ms AS DOUBLE) / 1000 AS execution_time, table_version, as_of, suite,
                   run_id AS invocation_id
            FROM {table} AS results""");

    private QualityTables() {}

    /** The views that a SQL front mounts. */
    public static List<LakeView> views() {
        return List.of(DATA_QUALITY_METRICS, DBT_TEST_RESULTS);
    }
}
