package io.lakeops.examples.drill;

import io.lakeops.engine.Rows;
import io.lakeops.report.Evidence;
import io.lakeops.report.Scenario;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;

/** OPTIMIZE and VACUUM with before and after, the retention, and which files a query reads. */
final class Upkeep {
    private static final String TABLE = "bronze.order_lines";
    private static final String QUERY =
            "SELECT order_dt, count(*), sum(qty * unit_price) FROM " + TABLE + " GROUP BY order_dt ORDER BY order_dt";
    private static final String CONTENT =
            "SELECT count(*), sum(hash(t)::HUGEINT) FROM (SELECT * FROM " + TABLE + ") AS t";

    private final Stage stage;

    Upkeep(Stage stage) {
        this.stage = stage;
    }

    Scenario optimize() {
        return Notebook.run(
                "optimize",
                "Many small files become few",
                "Small inserts leave small files. OPTIMIZE packs them by partition, changes no row, and a second run finds"
                        + " nothing to do.",
                this::optimize);
    }

    Scenario vacuum() {
        return Notebook.run(
                "vacuum",
                "Files that no version in the retention needs",
                "VACUUM refuses to go below the table's retention unless the session says so, shows its plan first, and"
                        + " takes the old versions with it: a restore that needs a deleted file is refused by name.",
                this::vacuum);
    }

    Scenario pruning() {
        return Notebook.run(
                "pruning",
                "A query for one day reads one day",
                "The plan's filters are held against the table's partition values and statistics before any file is opened.",
                this::pruning);
    }

    private void optimize(Notebook notes) {
        stage.sqlOnLake(sql -> {
            for (int i = 0; i < 20; i++) {
                sql.rows("INSERT INTO " + TABLE + " SELECT * FROM " + TABLE
                        + " WHERE order_dt = DATE '2024-04-01' LIMIT 5");
            }
            notes.note("Twenty small inserts were made first: INSERT INTO " + TABLE + " SELECT … LIMIT 5.");
            Rows content = sql.rows(CONTENT);
            long files = files(sql);
            double before = median(sql);
            Rows done = sql.show(notes, "OPTIMIZE", "OPTIMIZE " + TABLE);
            double after = median(sql);
            long packed = files(sql);
            notes.beforeAfter(
                    "Before and after OPTIMIZE",
                    new Evidence.Change("data files", Evidence.Unit.FILES, files, packed),
                    new Evidence.Change(
                            "aggregate over the table, median of 5", Evidence.Unit.MILLISECONDS, before, after));
            notes.expect("there are fewer files", packed < files, files + " → " + packed);
            notes.expectEqual(
                    "no row has changed", content.rows(), sql.rows(CONTENT).rows());
            long version = sql.newestVersion(TABLE);
            sql.rows("OPTIMIZE " + TABLE);
            notes.expectEqual("a second OPTIMIZE makes no version", version, sql.newestVersion(TABLE));
            sql.show(notes, "The query that was timed", QUERY);
            return done;
        });
    }

    private static long files(Stage.Sql sql) throws SQLException {
        return ((Number) Objects.requireNonNull(
                        sql.rows("DESCRIBE DETAIL " + TABLE).value(0, "numFiles")))
                .longValue();
    }

    private static double median(Stage.Sql sql) throws SQLException {
        double[] millis = new double[5];
        sql.rows(QUERY);
        for (int i = 0; i < millis.length; i++) {
            long start = System.nanoTime();
            sql.rows(QUERY);
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(millis);
        return millis[millis.length / 2];
    }

    private void vacuum(Notebook notes) {
        stage.sqlOnLake(sql -> {
            Rows content = sql.rows(CONTENT);
            sql.show(notes, "Inside the retention nothing may go", "VACUUM " + TABLE + " RETAIN 168 HOURS DRY RUN");
            String refused = sql.refused(notes, "Below the retention", "VACUUM " + TABLE + " RETAIN 0 HOURS");
            notes.expectEqual("a retention below the table's own is refused", "RETENTION_TOO_SHORT", refused);
            sql.show(notes, "The session insists", "SET lakeops_retention_check = false");
            Rows plan = sql.show(
                    notes, "The plan, with the reason for each file", "VACUUM " + TABLE + " RETAIN 0 HOURS DRY RUN");
            Rows done = sql.show(notes, "The run", "VACUUM " + TABLE + " RETAIN 0 HOURS");
            Object deleted = done.value(0, "numFilesDeleted");
            notes.expect(
                    "the run deletes what the plan said",
                    deleted instanceof Number n && n.longValue() == plan.rows().size() && n.longValue() > 0,
                    deleted + " of " + plan.rows().size());
            notes.expectEqual(
                    "no row has changed", content.rows(), sql.rows(CONTENT).rows());
            String gone = sql.refused(notes, "A restore behind it", "RESTORE TABLE " + TABLE + " TO VERSION AS OF 1");
            notes.expectEqual(
                    "a restore that needs deleted files is refused, naming them", "RESTORE_FILES_MISSING", gone);
            return done;
        });
        notes.note(
                "The policy: data files stay 168 hours after a commit removed them, or as long as the table's property"
                        + " delta.deletedFileRetentionDuration says. Files of writers in flight are younger and stay. Rejects and"
                        + " ledgers are tables like all others.");
    }

    private void pruning(Notebook notes) {
        stage.sqlOnLake(sql -> {
            String query = "SELECT count(*) FROM " + TABLE + " WHERE order_dt = DATE '2024-04-02'";
            sql.rows("EXPLAIN ANALYZE " + query);
            Rows read = sql.show(
                    notes,
                    "After EXPLAIN ANALYZE " + query,
                    "SELECT table_name, partition, reason, pruned, count(*) AS files, sum(rows) AS rows FROM"
                            + " table_partitions GROUP BY ALL ORDER BY partition");
            long pruned = sql.number("SELECT count(*) FROM table_partitions WHERE pruned = true");
            long all = sql.number("SELECT count(*) FROM table_partitions");
            notes.beforeAfter(
                    "Files of the table, and files that were read",
                    new Evidence.Change("files", Evidence.Unit.FILES, all, all - pruned));
            notes.expect("files of other days are pruned", pruned > 0 && pruned < all, pruned + " of " + all);
            return read;
        });
    }
}
