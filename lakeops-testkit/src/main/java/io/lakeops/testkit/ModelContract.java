package io.lakeops.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.change.ChangeResult;
import io.lakeops.change.Delete;
import io.lakeops.change.Merge;
import io.lakeops.change.Overwrite;
import io.lakeops.change.Update;
import io.lakeops.change.Upsert;
import io.lakeops.engine.Assignment;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MergeRequest;
import io.lakeops.engine.MergeRequest.Clause;
import io.lakeops.engine.MergeRequest.When;
import io.lakeops.maintenance.MaintenanceResult;
import io.lakeops.maintenance.Optimize;
import io.lakeops.maintenance.Vacuum;
import io.lakeops.recovery.Restore;
import io.lakeops.table.TableSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations on a table, with deletion vectors and without, and on a plain list of rows: the same rows after each, at every version. */
public interface ModelContract extends OperationsSubject {
    /** A row of the model. */
    record Row(
            @Nullable Long id,
            @Nullable String name,
            @Nullable String day) {
        String sql() {
            return "(" + id + ", " + text(name) + ", " + text(day) + ")";
        }

        String shown() {
            return id + "|" + name + "|" + day;
        }

        private static String text(@Nullable String value) {
            return value == null ? "NULL" : "'" + value.replace("'", "''") + "'";
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 10, 11})
    default void the_table_is_what_the_operations_say(long seed, @TempDir Path folder) {
        Random random = new Random(seed);
        TableSpec spec = new TableSpec(
                TestTable.ORDERS,
                seed % 2 == 0 ? List.of() : List.of("day"),
                List.of(),
                seed % 4 < 2 ? Map.of() : Map.of("delta.enableDeletionVectors", "true"),
                Optional.empty());
        try (TestTable t = TestTable.create(this, folder, spec)) {
            List<List<Row>> versions = new ArrayList<>(List.of(List.of()));
            for (int step = 0; step < 16; step++) {
                List<Row> now = versions.get(versions.size() - 1);
                String what = step(t, random, now, versions);
                assertThat(t.version())
                        .as("seed %s step %s: %s", seed, step, what)
                        .isEqualTo(versions.size() - 1L);
                assertThat(t.rows())
                        .as("seed %s step %s: %s", seed, step, what)
                        .containsExactlyElementsOf(shown(versions.get(versions.size() - 1)));
            }
            for (int version = 0; version < versions.size(); version++) {
                assertThat(t.rows(t.at(version)))
                        .as("seed %s version %s", seed, version)
                        .containsExactlyElementsOf(shown(versions.get(version)));
            }
        }
    }

    private static String step(TestTable t, Random random, List<Row> now, List<List<Row>> versions) {
        switch (random.nextInt(13)) {
            case 0, 1, 2 -> {
                List<Row> rows = rows(random, true);
                t.append(sql(rows));
                versions.add(joined(now, rows));
                return "append " + rows;
            }
            case 3, 4 -> {
                return delete(t, random, now, versions);
            }
            case 5 -> {
                return upsert(t, random, now, versions);
            }
            case 6 -> {
                return update(t, random, now, versions);
            }
            case 9, 10 -> {
                return merge(t, random, now, versions);
            }
            case 11, 12 -> {
                return overwrite(t, random, now, versions);
            }
            case 7 -> {
                int version = random.nextInt(versions.size());
                if (Restore.toVersion(version).run(t.table(), t.run()).committed()) {
                    versions.add(versions.get(version));
                }
                return "restore to " + version;
            }
            default -> {
                Optimize optimize = new Optimize();
                Optimize.Request request = Optimize.Request.standard().withVerify();
                MaintenanceResult result =
                        optimize.run(optimize.plan(t.table(), request, t.run()), t.table(), t.session(), t.run());
                if (result.committed()) {
                    versions.add(now);
                }
                Vacuum vacuum = new Vacuum();
                vacuum.run(vacuum.plan(t.table(), Vacuum.Request.standard(), t.run()), t.table(), t.run());
                versions.add(now);
                versions.add(now);
                return "optimize and vacuum";
            }
        }
    }

    private static String delete(TestTable t, Random random, List<Row> now, List<List<Row>> versions) {
        long below = random.nextInt(12);
        String name = List.of("a", "it's", "").get(random.nextInt(3));
        boolean byId = random.nextBoolean();
        Expr condition = Expr.of(byId ? "id < " + below : "name = '" + name.replace("'", "''") + "' OR day = 'd 2'");
        List<Row> kept = now.stream()
                .filter(r -> byId
                        ? r.id() == null || r.id() >= below
                        : !Objects.equals(r.name(), name) && !Objects.equals(r.day(), "d 2"))
                .toList();
        ChangeResult result = Delete.where(condition).run(t.table(), t.session(), t.run());
        assertThat(result.deletedRows()).isEqualTo(now.size() - (long) kept.size());
        if (kept.size() != now.size()) {
            versions.add(kept);
        }
        return "delete " + condition.text();
    }

    private static String update(TestTable t, Random random, List<Row> now, List<List<Row>> versions) {
        long below = random.nextInt(12);
        // The new values are those of the row as it was: the name goes to the day, the day to the name.
        List<Row> after = now.stream()
                .map(r -> r.id() == null || r.id() >= below
                        ? r
                        : new Row(r.id() + 1, /* name= */ r.day(), /* day= */ folder(r.name())))
                .toList();
        long updated =
                now.stream().filter(r -> r.id() != null && r.id() < below).count();
        ChangeResult result = Update.where(
                        Expr.of("id < " + below),
                        new Assignment("ID", Expr.of("id + 1")),
                        new Assignment("name", Expr.of("day")),
                        new Assignment("day", Expr.of("CASE WHEN name = '' THEN 'none' ELSE name END")))
                .run(t.table(), t.session(), t.run());
        assertThat(result.updatedRows()).isEqualTo(updated);
        if (updated > 0) {
            versions.add(after);
        }
        return "update id < " + below;
    }

    /** Delta knows no empty partition value. */
    private static @Nullable String folder(@Nullable String text) {
        return text != null && text.isEmpty() ? "none" : text;
    }

    private static String upsert(TestTable t, Random random, List<Row> now, List<List<Row>> versions) {
        List<Row> source = rows(random, false);
        Map<Long, Row> byKey = new LinkedHashMap<>();
        source.stream().filter(r -> r.id() != null).forEach(r -> byKey.put(r.id(), r));
        List<Row> after = new ArrayList<>();
        long updated = 0;
        long deleted = 0;
        List<Long> matched = new ArrayList<>();
        for (Row row : now) {
            Row by = row.id() == null ? null : byKey.get(row.id());
            if (by == null) {
                after.add(row);
                continue;
            }
            matched.add(row.id());
            if ("a".equals(by.name())) {
                deleted++;
            } else {
                updated++;
                after.add(by);
            }
        }
        List<Row> inserted = source.stream()
                .filter(r -> !"a".equals(r.name()) && (r.id() == null || !matched.contains(r.id())))
                .toList();
        ChangeResult result = Upsert.of(TestTable.values(sql(source)), "id")
                .withDeleteWhen(Expr.of("name = 'a'"))
                .run(t.table(), t.session(), t.run());
        assertThat(result.updatedRows()).isEqualTo(updated);
        assertThat(result.deletedRows()).isEqualTo(deleted);
        assertThat(result.insertedRows()).isEqualTo(inserted.size());
        if (updated + deleted + inserted.size() > 0) {
            versions.add(joined(after, inserted));
        }
        return "upsert " + source;
    }

    /** With null keys that match or don't, and rows of the table that no source row matches. */
    private static String merge(TestTable t, Random random, List<Row> now, List<List<Row>> versions) {
        List<Row> drawn = rows(random, false);
        boolean nulls = random.nextBoolean();
        boolean days = random.nextBoolean();
        boolean lone = random.nextInt(3) == 0;
        boolean ambiguous = drawn.stream().filter(r -> r.id() == null).count() > 1;
        List<Row> source =
                nulls && ambiguous ? drawn.stream().filter(r -> r.id() != null).toList() : drawn;
        String on = (nulls ? "t.id IS NOT DISTINCT FROM s.id" : "s.id = t.id") + (days ? " AND t.day = s.day" : "");
        BiPredicate<Row, Row> matches = (row, by) -> (nulls || row.id() != null)
                && Objects.equals(row.id(), by.id())
                && (!days || (row.day() != null && row.day().equals(by.day())));
        List<Row> after = new ArrayList<>();
        long updated = 0;
        long deleted = 0;
        for (Row row : now) {
            Optional<Row> by =
                    source.stream().filter(one -> matches.test(row, one)).findFirst();
            if (by.isEmpty()) {
                if (lone && row.id() != null && row.id() > 9) {
                    deleted++;
                } else if (lone && "b".equals(row.name())) {
                    updated++;
                    after.add(new Row(row.id(), "lone", row.day()));
                } else {
                    after.add(row);
                }
            } else if ("a".equals(by.get().name())) {
                deleted++;
            } else if (row.name() != null) {
                updated++;
                after.add(new Row(row.id(), row.name() + "+", by.get().day()));
            } else {
                after.add(row);
            }
        }
        List<Row> inserted = source.stream()
                .filter(one -> now.stream().noneMatch(row -> matches.test(row, one)) && !"it's".equals(one.name()))
                .toList();
        List<Clause> clauses = new ArrayList<>(List.of(
                clause(When.MATCHED, "s.name = 'a'", new MergeRequest.Delete()),
                clause(
                        When.MATCHED,
                        "t.name IS NOT NULL",
                        new MergeRequest.Set(List.of(
                                new Assignment("name", Expr.of("t.name || '+'")),
                                new Assignment("day", Expr.of("s.day"))))),
                clause(When.NOT_MATCHED, "s.name IS DISTINCT FROM 'it''s'", new MergeRequest.InsertAll())));
        if (lone) {
            clauses.add(clause(When.NOT_MATCHED_BY_SOURCE, "t.id > 9", new MergeRequest.Delete()));
            clauses.add(clause(
                    When.NOT_MATCHED_BY_SOURCE,
                    "t.name = 'b'",
                    new MergeRequest.Set(List.of(new Assignment("name", Expr.of("'lone'"))))));
        }
        if (source.isEmpty()) {
            return "no merge";
        }
        ChangeResult result = Merge.of(TestTable.values(sql(source)), Expr.of(on), clauses.toArray(Clause[]::new))
                .run(t.table(), t.session(), t.run());
        assertThat(List.of(result.updatedRows(), result.deletedRows(), result.insertedRows()))
                .as("merge %s on %s", source, on)
                .containsExactly(updated, deleted, (long) inserted.size());
        if (updated + deleted + inserted.size() > 0) {
            versions.add(joined(after, inserted));
        }
        return "merge " + source + " on " + on;
    }

    private static Clause clause(When when, String condition, MergeRequest.Action action) {
        return new Clause(when, Optional.of(Expr.of(condition)), action);
    }

    private static String overwrite(TestTable t, Random random, List<Row> now, List<List<Row>> versions) {
        List<Row> rows = rows(random, true);
        int what = random.nextInt(3);
        List<Row> kept = List.of();
        Overwrite overwrite;
        if (what == 0) {
            overwrite = Overwrite.all(TestTable.values(sql(rows)));
        } else if (what == 1) {
            overwrite = Overwrite.partitions(TestTable.values(sql(rows)));
            boolean parted = !t.latest().partitionColumns().isEmpty();
            kept = now.stream()
                    .filter(row -> parted && rows.stream().noneMatch(r -> Objects.equals(r.day(), row.day())))
                    .toList();
        } else {
            rows.removeIf(r -> r.id() == null || r.id() >= 6);
            overwrite = Overwrite.where(
                    Expr.of("id < 6"),
                    rows.isEmpty() ? TestTable.query("SELECT 1 AS id WHERE false") : TestTable.values(sql(rows)));
            kept = now.stream().filter(r -> r.id() == null || r.id() >= 6).toList();
        }
        ChangeResult result = overwrite.run(t.table(), t.session(), t.run());
        assertThat(result.deletedRows()).isEqualTo(now.size() - (long) kept.size());
        if (rows.size() + now.size() > kept.size()) {
            versions.add(joined(kept, rows));
        }
        return "overwrite " + overwrite.extent() + " by " + rows;
    }

    /** Some rows; with repeated keys where {@code repeats}. */
    private static List<Row> rows(Random random, boolean repeats) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(5); i++) {
            Long id = random.nextInt(8) == 0 ? null : (Long) (long) random.nextInt(15);
            if (!repeats && id != null && rows.stream().anyMatch(r -> id.equals(r.id()))) {
                continue;
            }
            rows.add(new Row(
                    id,
                    random.nextInt(5) == 0
                            ? null
                            : List.of("a", "b", "it's", "").get(random.nextInt(4)),
                    random.nextInt(5) == 0 ? null : List.of("d1", "d 2", "d/3").get(random.nextInt(3))));
        }
        return rows;
    }

    private static String sql(List<Row> rows) {
        return rows.stream().map(Row::sql).collect(Collectors.joining(", "));
    }

    private static List<String> shown(List<Row> rows) {
        return rows.stream().map(Row::shown).sorted().toList();
    }

    private static List<Row> joined(List<Row> a, List<Row> b) {
        List<Row> all = new ArrayList<>(a);
        all.addAll(b);
        return List.copyOf(all);
    }
}
