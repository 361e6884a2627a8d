package io.lakeops.examples.drill;

import io.lakeops.engine.Rows;
import io.lakeops.report.Evidence;
import io.lakeops.report.Scenario;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The table {@code returns} through its versions: changes, a new column, an accident and its repair. */
final class TableHistory {
    private final Stage stage;

    TableHistory(Stage stage) {
        this.stage = stage;
    }

    /** History, time travel and the difference of two versions. */
    List<Scenario> timeTravel() {
        return List.of(
                Notebook.run(
                        "history",
                        "Returns through upserts and deletes",
                        "Each batch of returns is put in by key: one version a batch, with what it did in the history.",
                        this::history),
                Notebook.run(
                        "version-diff",
                        "What changed between two versions",
                        "Every version stays readable, so the difference of two is a query.",
                        this::diff));
    }

    Scenario schema() {
        return Notebook.run(
                "new-column",
                "A column that comes later",
                "From the second day on, returns carry return_reason_code. The commit that brings the first such file adds"
                        + " the column; older rows and older versions stay as they were.",
                this::newColumn);
    }

    List<Scenario> recovery() {
        return List.of(Notebook.run(
                "restore-after-delete",
                "An accidental delete, and the way back",
                "A DELETE without the intended condition removes most of the table. RESTORE checks that every file of the"
                        + " earlier version still stands and takes the table back in one commit.",
                this::restore));
    }

    private void history(Notebook notes) {
        stage.sqlOnLake(sql -> {
            Rows history = sql.show(notes, "The history", "DESCRIBE HISTORY bronze.returns");
            sql.show(
                    notes,
                    "Rows by version",
                    "SELECT 1 AS version, count(*) AS rows FROM bronze.returns VERSION AS OF 1 UNION ALL"
                            + " SELECT 2, count(*) FROM bronze.returns VERSION AS OF 2 UNION ALL"
                            + " SELECT 3, count(*) FROM bronze.returns VERSION AS OF 3 ORDER BY version");
            long inserted = sql.number("SELECT count(*) FROM bronze.returns VERSION AS OF 1");
            long afterChanges = sql.number("SELECT count(*) FROM bronze.returns VERSION AS OF 2");
            notes.expect(
                    "the second batch deletes returns of the first",
                    afterChanges < inserted,
                    inserted + " → " + afterChanges);
            List<String> operations = new ArrayList<>();
            for (int row = 0; row < history.rows().size(); row++) {
                operations.add(String.valueOf(history.value(row, "operation")));
            }
            List<String> expected = new ArrayList<>(Collections.nCopies(operations.size() - 1, "MERGE"));
            expected.add("CREATE TABLE");
            notes.expectEqual("the history names the operation of each version, newest first", expected, operations);
            return history;
        });
    }

    private void diff(Notebook notes) {
        stage.sqlOnLake(sql -> {
            Rows changed = sql.show(
                    notes,
                    "Rows that version 2 has and version 1 has not",
                    "WITH v1 AS (SELECT * FROM delta_scan('" + stage.lake()
                            + "/bronze/delta/returns', version=1)), v2 AS (SELECT * FROM delta_scan('" + stage.lake()
                            + "/bronze/delta/returns', version=2)) SELECT * FROM v2 EXCEPT SELECT * FROM v1");
            notes.expect(
                    "the upserts of the second batch are seen",
                    !changed.rows().isEmpty(),
                    changed.rows().size());
            long gone = sql.number("SELECT count(*) FROM (SELECT return_id FROM bronze.returns VERSION AS OF 1 EXCEPT"
                    + " SELECT return_id FROM bronze.returns VERSION AS OF 2)");
            notes.expect("the deletes of the second batch are seen", gone > 0, gone + " returns are gone");
            Rows asOf = sql.show(
                    notes,
                    "The table as it was at an instant",
                    "SELECT count(*) AS rows FROM bronze.returns TIMESTAMP AS OF '2024-04-04 00:00:00'");
            // The load of the first two days made the versions up to 4; the next one came days later.
            long then = sql.number("SELECT count(*) FROM bronze.returns VERSION AS OF 4");
            notes.expectEqual("a version is found by time, too", List.of(List.of(then)), asOf.rows());
            return changed;
        });
    }

    private void newColumn(Notebook notes) {
        stage.sqlOnLake(sql -> {
            Rows old = sql.show(notes, "A row of version 2", "SELECT * FROM bronze.returns VERSION AS OF 2 LIMIT 1");
            Rows grown = sql.show(notes, "A row of version 3", "SELECT * FROM bronze.returns VERSION AS OF 3 LIMIT 1");
            sql.show(
                    notes,
                    "Old rows have no code, new ones have",
                    "SELECT return_reason_code IS NULL AS without_code, count(*) AS rows FROM bronze.returns"
                            + " GROUP BY ALL ORDER BY 1");
            notes.expect(
                    "version 2 is without the column and version 3 has it",
                    !old.columns().contains("return_reason_code")
                            && grown.columns().contains("return_reason_code"),
                    grown.columns());
            long coded = sql.number("SELECT count(return_reason_code) FROM bronze.returns");
            notes.expect("the new rows carry its values", coded > 0, coded + " rows");
            return grown;
        });
        notes.note(
                "The policy: columns of a file are matched by name. One that its source does not declare is added to the"
                        + " table as text (addNewColumns), or fails the file (failOnNewColumns). A column that a file lacks is null;"
                        + " one that is required fails the file. Types are never changed in silence: text that does not fit its"
                        + " type rejects the row with its reason.");
    }

    private void restore(Notebook notes) {
        stage.sqlOnLake(sql -> {
            String content = "SELECT count(*), sum(hash(t)::HUGEINT) FROM (SELECT * FROM bronze.returns) AS t";
            Rows before = sql.rows(content);
            long rows = sql.number("SELECT count(*) FROM bronze.returns");
            long good = sql.newestVersion("bronze.returns");
            long start = System.nanoTime();
            sql.show(notes, "The accident", "DELETE FROM bronze.returns WHERE qty >= 1 AND return_id % 10 <> 0");
            long left = sql.number("SELECT count(*) FROM bronze.returns");
            notes.expect("the delete hits", left < rows, rows + " → " + left);
            long repair = System.nanoTime();
            sql.show(notes, "The way back", "RESTORE TABLE bronze.returns TO VERSION AS OF " + good);
            double recoveryMillis = (System.nanoTime() - repair) / 1e6;
            double sinceAccident = (System.nanoTime() - start) / 1e6;
            Rows after = sql.rows(content);
            notes.beforeAfter(
                    "Rows of bronze.returns: after the accident, and after the restore",
                    new Evidence.Change(
                            "bronze.returns",
                            Evidence.Unit.ROWS,
                            left,
                            sql.number("SELECT count(*) FROM bronze.returns")));
            notes.add(new Evidence.Figures(
                    "Recovery time",
                    List.of(
                            new Evidence.Figure("RESTORE", Evidence.Unit.MILLISECONDS, recoveryMillis),
                            new Evidence.Figure(
                                    "since the accident began", Evidence.Unit.MILLISECONDS, sinceAccident))));
            notes.expect(
                    "after the restore the table holds the very same rows (recovery point: nothing lost)",
                    before.rows().equals(after.rows()),
                    after.rows());
            sql.show(notes, "The history keeps both", "DESCRIBE HISTORY bronze.returns LIMIT 3");
            return after;
        });
        load(notes);
    }

    /** The ledger must see the restore as what it is: nothing of a load was lost. */
    private void load(Notebook notes) {
        List<Long> before = versions();
        stage.command(
                notes,
                "A load after it finds nothing new",
                0,
                "load-to-bronze",
                "--raw",
                stage.increment().toString(),
                "--lake",
                stage.lake().toString());
        notes.expectEqual("the restore undid no load, so nothing is loaded again", before, versions());
    }

    private List<Long> versions() {
        return stage.sqlOnLake(sql -> {
            List<Long> versions = new ArrayList<>();
            for (String table : List.of("returns", "orders")) {
                versions.add(version(sql, table));
            }
            return versions;
        });
    }

    private static long version(Stage.Sql sql, String table) throws SQLException {
        return sql.newestVersion("bronze." + table);
    }
}
