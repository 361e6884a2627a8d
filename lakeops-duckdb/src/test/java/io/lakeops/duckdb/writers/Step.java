package io.lakeops.duckdb.writers;

import io.lakeops.change.Append;
import io.lakeops.change.ChangeResult;
import io.lakeops.change.Delete;
import io.lakeops.change.Merge;
import io.lakeops.change.Update;
import io.lakeops.change.Upsert;
import io.lakeops.context.Run;
import io.lakeops.engine.Assignment;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MergeRequest;
import io.lakeops.engine.MergeRequest.Clause;
import io.lakeops.engine.MergeRequest.When;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.recovery.Restore;
import io.lakeops.recovery.RestoreResult;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/**
 * One change by one writer: what it does to a table, and what it does to rows in memory. Its text travels as the commit's
 * user metadata, so that the history alone says what every version must hold.
 *
 * @param id of its own in the whole run
 * @param a first number, by the kind
 * @param b second number, by the kind
 */
record Step(String id, Kind kind, long a, long b) {
    /** Columns: key, counter, the step that wrote the row last, day by key. */
    static final Schema COLUMNS = Schema.of(
            Field.of("id", DataType.Primitive.LONG),
            Field.of("n", DataType.Primitive.LONG),
            Field.of("who", DataType.Primitive.STRING),
            Field.of("day", DataType.Primitive.STRING));

    private static final int HOT_KEYS = 24;

    enum Kind {
        /** Rows with ids from a, b of them. */
        APPEND,
        /** Rows whose id leaves a when divided by 7. */
        DELETE_BY_ID,
        /** Rows with a counter of at least a. */
        DELETE_BY_COUNTER,
        /** Rows of day a whose id leaves b when divided by 3. */
        DELETE_IN_DAY,
        /** Adds one to rows whose id leaves a when divided by 5. */
        UPDATE_BY_ID,
        /** Adds ten to the rows of day a. */
        UPDATE_DAY,
        /** Adds a hundred to the rows with ids from a, b of them; ids that are not there come. */
        MERGE,
        /** Sets the rows with ids from a, b of them; ids that are not there come. */
        UPSERT,
        /** Takes the table back to version a. */
        RESTORE
    }

    /** A row, and the version that wrote it last. */
    record Row(long id, long n, String who, String day, long version) {
        String text() {
            return id + "|" + n + "|" + who + "|" + day;
        }
    }

    static Step random(String id, Random random, long newest, long freshIds) {
        long day = random.nextInt(3);
        return switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> new Step(id, Kind.APPEND, freshIds, 1 + random.nextInt(8));
            case 4 -> new Step(id, Kind.DELETE_BY_ID, random.nextInt(7), 0);
            case 5 -> new Step(id, Kind.DELETE_BY_COUNTER, 100 + random.nextInt(400), 0);
            case 6, 7 -> new Step(id, Kind.DELETE_IN_DAY, day, random.nextInt(3));
            case 8, 9 -> new Step(id, Kind.UPDATE_BY_ID, random.nextInt(5), 0);
            case 10, 11 -> new Step(id, Kind.UPDATE_DAY, day, 0);
            case 12, 13 -> new Step(id, Kind.MERGE, random.nextInt(HOT_KEYS), 1 + random.nextInt(4));
            case 14 -> new Step(id, Kind.UPSERT, random.nextInt(HOT_KEYS), 1 + random.nextInt(4));
            default -> new Step(id, Kind.RESTORE, Math.max(0, newest - random.nextInt(4)), 0);
        };
    }

    static Step parse(String text) {
        String[] parts = text.split(" ", 4);
        return new Step(parts[0], Kind.valueOf(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3]));
    }

    @Override
    public String toString() {
        return id + " " + kind + " " + a + " " + b;
    }

    /** Runs it; gives the version that it made, where it made one. */
    Optional<Long> run(LakeTable table, Session session, Run run) {
        if (kind == Kind.RESTORE) {
            RestoreResult restored =
                    Restore.toVersion(a).withUserMetadata(toString()).run(table, run);
            return restored.committed() ? Optional.of(restored.version()) : Optional.empty();
        }
        ChangeResult result = change(table, session, run);
        return result.outcome() == ChangeResult.Outcome.COMMITTED ? Optional.of(result.version()) : Optional.empty();
    }

    private ChangeResult change(LakeTable table, Session session, Run run) {
        Assignment signed = new Assignment("who", Expr.of("'" + id + "'"));
        String text = toString();
        return switch (kind) {
            case APPEND -> Append.of(rows("0")).withUserMetadata(text).run(table, session, run);
            case DELETE_BY_ID, DELETE_BY_COUNTER, DELETE_IN_DAY ->
                Delete.where(Expr.of(condition())).withUserMetadata(text).run(table, session, run);
            case UPDATE_BY_ID ->
                Update.where(Expr.of(condition()), new Assignment("n", Expr.of("n + 1")), signed)
                        .withUserMetadata(text)
                        .run(table, session, run);
            case UPDATE_DAY ->
                Update.where(Expr.of(condition()), new Assignment("n", Expr.of("n + 10")), signed)
                        .withUserMetadata(text)
                        .run(table, session, run);
            case MERGE ->
                Merge.of(
                                rows("100"),
                                Expr.of("t.id = s.id"),
                                new Clause(
                                        When.MATCHED,
                                        Optional.empty(),
                                        new MergeRequest.Set(
                                                List.of(new Assignment("n", Expr.of("t.n + s.n")), signed))),
                                new Clause(When.NOT_MATCHED, Optional.empty(), new MergeRequest.InsertAll()))
                        .withUserMetadata(text)
                        .run(table, session, run);
            case UPSERT -> Upsert.of(rows("7"), "id").withUserMetadata(text).run(table, session, run);
            case RESTORE -> throw new IllegalStateException(text);
        };
    }

    private Relation rows(String n) {
        return new Relation.Query(Expr.of("SELECT i AS id, " + n + "::BIGINT AS n, '" + id
                + "' AS who, 'd' || mod(i, 3) AS day" + " FROM range(" + a + ", " + (a + b) + ") r(i)"));
    }

    private String condition() {
        return switch (kind) {
            case DELETE_BY_ID -> "id % 7 = " + a;
            case DELETE_BY_COUNTER -> "n >= " + a;
            case DELETE_IN_DAY -> "day = 'd" + a + "' AND id % 3 = " + b;
            case UPDATE_BY_ID -> "id % 5 = " + a;
            case UPDATE_DAY -> "day = 'd" + a + "'";
            default -> throw new IllegalStateException(toString());
        };
    }

    private boolean accepts(Row row) {
        return switch (kind) {
            case DELETE_BY_ID -> row.id() % 7 == a;
            case DELETE_BY_COUNTER -> row.n() >= a;
            case DELETE_IN_DAY -> row.day().equals("d" + a) && row.id() % 3 == b;
            case UPDATE_BY_ID -> row.id() % 5 == a;
            case UPDATE_DAY -> row.day().equals("d" + a);
            case MERGE, UPSERT -> row.id() >= a && row.id() < a + b;
            case APPEND, RESTORE -> false;
        };
    }

    /**
     * The rows that it makes of rows.
     *
     * @param seen which rows it knew of; others stay as they are
     * @param version that it makes
     */
    List<Row> apply(List<Row> rows, Predicate<Row> seen, long version) {
        List<Row> after = new ArrayList<>();
        List<Long> found = new ArrayList<>();
        for (Row row : rows) {
            if (!seen.test(row) || !accepts(row)) {
                after.add(row);
                continue;
            }
            found.add(row.id());
            switch (kind) {
                case UPDATE_BY_ID -> after.add(new Row(row.id(), row.n() + 1, id, row.day(), version));
                case UPDATE_DAY -> after.add(new Row(row.id(), row.n() + 10, id, row.day(), version));
                case MERGE -> after.add(new Row(row.id(), row.n() + 100, id, row.day(), version));
                case UPSERT -> after.add(new Row(row.id(), 7, id, row.day(), version));
                default -> {}
            }
        }
        long n = switch (kind) {
            case APPEND -> 0;
            case MERGE -> 100;
            default -> 7;
        };
        if (kind == Kind.APPEND || kind == Kind.MERGE || kind == Kind.UPSERT) {
            for (long key = a; key < a + b; key++) {
                if (!found.contains(key)) {
                    after.add(new Row(key, n, id, "d" + key % 3, version));
                }
            }
        }
        return after;
    }
}
