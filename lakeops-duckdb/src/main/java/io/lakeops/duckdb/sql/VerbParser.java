package io.lakeops.duckdb.sql;

import io.lakeops.duckdb.sql.Token.Kind;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Reads the verbs that are ours. Verbs that DuckDB has too (INSERT, DELETE, VACUUM, …) are ours where their table is one
 * of the lake.
 *
 * <p>Errors: SQL_SYNTAX with the place; TABLE_NAME_AMBIGUOUS.
 */
final class VerbParser {
    private final Statement statement;
    private final TableNames names;
    private final Rewriter rewriter;
    private final Cursor cursor;
    private final boolean shape;

    VerbParser(Statement statement, TableNames names, boolean shape) {
        this.statement = statement;
        this.names = names;
        this.rewriter = new Rewriter(names);
        this.cursor = new Cursor(statement, shape);
        this.shape = shape;
    }

    /** The verb; empty where the statement is DuckDB's. */
    Optional<Verb> parse() {
        if (cursor.atEnd() || !cursor.seesKind(Kind.WORD)) {
            return Optional.empty();
        }
        return switch (cursor.next().lower()) {
            case "describe", "desc" -> describe();
            case "insert" -> insert();
            case "delete" -> delete();
            case "update" -> update();
            case "merge" -> merge();
            case "create" -> new CreateParser(statement, cursor, names).parse();
            case "optimize" -> Optional.of(optimize());
            case "vacuum" -> vacuum();
            case "restore" -> Optional.of(restore());
            case "set" -> setOption(true);
            case "reset" -> setOption(false);
            case "undo" -> cursor.accept("vacuum") ? notYet("UNDO VACUUM") : Optional.empty();
            case "alter" -> cursor.accept("table") ? notYetOnLakeTable("ALTER TABLE") : Optional.empty();
            case "show" -> cursor.accept("tblproperties") ? notYet("SHOW TBLPROPERTIES") : Optional.empty();
            case "drop" -> drop();
            case "undrop" -> notYet("UNDROP TABLE");
            case "convert" -> cursor.accept("to", "delta") ? notYet("CONVERT TO DELTA") : Optional.empty();
            case "reorg" -> notYet("REORG TABLE");
            case "analyze" ->
                cursor.accept("table") && has("compute", "statistics")
                        ? notYet("ANALYZE TABLE … COMPUTE STATISTICS")
                        : Optional.empty();
            case "explain" -> explain();
            case "fsck" -> notYet("FSCK REPAIR TABLE");
            case "truncate" -> {
                cursor.accept("table");
                yield truncate();
            }
            default -> Optional.empty();
        };
    }

    private Optional<Verb> describe() {
        if (cursor.accept("history")) {
            Optional<TableRef> table = table();
            if (table.isEmpty()) {
                return Optional.empty();
            }
            OptionalLong limit = cursor.accept("limit") ? OptionalLong.of(cursor.whole()) : OptionalLong.empty();
            cursor.expectEnd();
            return Optional.of(new Verb.DescribeHistory(table.get(), limit));
        }
        if (cursor.accept("detail")) {
            Optional<TableRef> table = table();
            if (table.isEmpty()) {
                return Optional.empty();
            }
            cursor.expectEnd();
            return Optional.of(new Verb.DescribeDetail(table.get()));
        }
        return Optional.empty();
    }

    private Optional<Verb> insert() {
        if (cursor.accept("overwrite")) {
            return notYet("INSERT OVERWRITE");
        }
        if (!cursor.accept("into")) {
            return Optional.empty();
        }
        Optional<TableRef> table = lakeTable();
        if (table.isEmpty()) {
            return Optional.empty();
        }
        if (cursor.accept("replace", "where")) {
            return notYet("INSERT INTO … REPLACE WHERE");
        }
        boolean columns = cursor.sees("(") && !isQuery(1) && !cursor.sees(1, "(");
        List<String> named = columns ? cursor.names() : List.of();
        if (cursor.accept("by", "name") || cursor.accept("by", "position")) {
            return notYet("INSERT INTO … BY NAME");
        }
        if (!isQuery(0) && !cursor.sees("(")) {
            throw cursor.wrong("expected SELECT or VALUES");
        }
        String query = rewriter.rewrite(cursor.rest());
        return Optional.of(new Verb.Insert(table.get(), named, query));
    }

    private boolean isQuery(int ahead) {
        return List.of("select", "values", "with", "from", "table").stream().anyMatch(w -> cursor.sees(ahead, w));
    }

    private Optional<Verb> delete() {
        if (!cursor.accept("from")) {
            return Optional.empty();
        }
        Optional<TableRef> table = lakeTable();
        if (table.isEmpty()) {
            return Optional.empty();
        }
        if (cursor.sees("using")) {
            return notYet("DELETE … USING");
        }
        Optional<String> condition = condition();
        return Optional.of(new Verb.Delete(table.get(), condition));
    }

    private Optional<Verb> update() {
        Optional<TableRef> table = lakeTable();
        if (table.isEmpty()) {
            return Optional.empty();
        }
        cursor.expect("set");
        Map<String, String> set = new LinkedHashMap<>();
        do {
            String column = cursor.name();
            if (cursor.sees(".") || cursor.sees("[")) {
                throw new LakeException(
                        ErrorCode.NOT_YET, "UPDATE of a field within the column '" + column + "' is not built yet");
            }
            cursor.expect("=");
            if (set.put(column, rewriter.rewrite(cursor.until(",", "where"))) != null) {
                throw cursor.wrong("the column '" + column + "' is given two values");
            }
        } while (cursor.accept(","));
        return Optional.of(new Verb.Update(table.get(), set, condition()));
    }

    private Optional<Verb> truncate() {
        Optional<TableRef> table = lakeTable();
        table.ifPresent(t -> cursor.expectEnd());
        return table.map(t -> new Verb.Delete(t, Optional.empty()));
    }

    private Optional<Verb> merge() {
        if (cursor.sees("with") && cursor.sees(1, "schema")) {
            return notYet("MERGE WITH SCHEMA EVOLUTION");
        }
        if (!cursor.accept("into")) {
            return Optional.empty();
        }
        return lakeTable().map(table -> new MergeParser(statement, cursor, rewriter, table).parse());
    }

    private Verb optimize() {
        cursor.accept("table");
        TableRef table = cursor.requireTable();
        if (cursor.sees("zorder")) {
            return new Verb.NotYet("OPTIMIZE … ZORDER BY");
        }
        if (cursor.sees("full") || cursor.sees("verify")) {
            return new Verb.NotYet("OPTIMIZE … " + cursor.next().text().toUpperCase(Locale.ROOT));
        }
        int zorder = find("zorder");
        int verify = Math.max(find("verify"), find("full"));
        if (zorder > 0 && statement.is(zorder + 1, "by")) {
            return new Verb.NotYet("OPTIMIZE … ZORDER BY");
        }
        if (verify == statement.tokens().size() - 1) {
            return new Verb.NotYet(
                    "OPTIMIZE … " + statement.tokens().get(verify).text().toUpperCase(Locale.ROOT));
        }
        return new Verb.Optimize(table, condition());
    }

    private Optional<Verb> vacuum() {
        if (cursor.atEnd() || cursor.sees("(") || cursor.sees("analyze")) {
            return Optional.empty();
        }
        int start = cursor.position();
        Optional<TableRef> table = lakeTable();
        if (table.isEmpty()) {
            cursor.back(start);
            boolean deltaWords = find("retain") > 0 || find("dry") > 0 || find("lite") > 0 || find("inventory") > 0;
            if (!deltaWords) {
                return Optional.empty();
            }
            table = Optional.of(cursor.requireTable());
        }
        if (cursor.sees("lite") || cursor.sees("full")) {
            return notYet("VACUUM … " + cursor.next().text().toUpperCase(Locale.ROOT));
        }
        if (cursor.sees("using")) {
            return notYet("VACUUM … USING INVENTORY");
        }
        OptionalDouble hours = OptionalDouble.empty();
        if (cursor.accept("retain")) {
            hours = OptionalDouble.of(cursor.number());
            if (!cursor.accept("hour")) {
                cursor.expect("hours");
            }
        }
        boolean dryRun = cursor.accept("dry", "run");
        cursor.expectEnd();
        return Optional.of(new Verb.Vacuum(table.get(), hours, dryRun));
    }

    private Verb restore() {
        cursor.accept("table");
        TableRef table = cursor.requireTable();
        cursor.accept("to");
        if (cursor.accept("version", "as", "of")) {
            OptionalLong version = OptionalLong.of(cursor.whole());
            cursor.expectEnd();
            return new Verb.Restore(table, version, Optional.empty());
        }
        cursor.expect("timestamp", "as", "of");
        if (cursor.sees("timestamp") || cursor.sees("timestamptz") || cursor.sees("date")) {
            cursor.next();
        }
        String timestamp = cursor.text();
        cursor.expectEnd();
        return new Verb.Restore(table, OptionalLong.empty(), Optional.of(timestamp));
    }

    private Optional<Verb> setOption(boolean set) {
        while (cursor.accept("session") || cursor.accept("global") || cursor.accept("local")) {
            // The word changes nothing: these options belong to the connection.
        }
        if (cursor.atEnd() || !cursor.seesKind(Kind.WORD)) {
            return Optional.empty();
        }
        String name = cursor.next().lower();
        if (!name.startsWith("lakeops_")) {
            return Optional.empty();
        }
        if (!set) {
            cursor.expectEnd();
            return Optional.of(new Verb.SetOption(name, Optional.empty()));
        }
        if (!cursor.accept("=")) {
            cursor.expect("to");
        }
        StringBuilder value = new StringBuilder();
        int first = cursor.position();
        while (!cursor.atEnd()) {
            Token token = cursor.next();
            value.append(cursor.position() > first + 1 && token.kind() == Kind.WORD ? " " : "")
                    .append(token.value());
        }
        if (value.isEmpty()) {
            throw cursor.wrong("expected a value for " + name);
        }
        return Optional.of(new Verb.SetOption(name, Optional.of(value.toString())));
    }

    private Optional<Verb> drop() {
        if (!cursor.accept("table")) {
            return Optional.empty();
        }
        cursor.accept("if", "exists");
        return notYetOnLakeTable("DROP TABLE");
    }

    private Optional<Verb> explain() {
        if (cursor.accept("quality")) {
            return notYet("EXPLAIN QUALITY");
        }
        cursor.accept("analyze");
        int first = cursor.position();
        if (cursor.atEnd()) {
            return Optional.empty();
        }
        Statement inner = Statement.of(statement.text(first, statement.tokens().size() - 1));
        Optional<Verb> verb = new VerbParser(inner, names, shape).parse();
        return verb.isEmpty()
                ? Optional.empty()
                : notYet("EXPLAIN " + inner.tokens().get(0).text().toUpperCase(Locale.ROOT) + " on a Delta table");
    }

    /** The rest, as WHERE condition. */
    private Optional<String> condition() {
        if (cursor.atEnd()) {
            return Optional.empty();
        }
        cursor.expect("where");
        return Optional.of(rewriter.rewrite(cursor.rest()));
    }

    private Optional<TableRef> table() {
        // TABLE in the contract's grammar stands for a table; as a word before one it is allowed, as Spark allows it.
        cursor.accept("table");
        return cursor.table();
    }

    /** The table, where it is one of the lake; nothing is taken otherwise. */
    private Optional<TableRef> lakeTable() {
        return lakeTable(cursor, names);
    }

    static Optional<TableRef> lakeTable(Cursor cursor, TableNames names) {
        int start = cursor.position();
        cursor.accept("table");
        Optional<TableRef> table = cursor.table();
        if (table.isPresent()) {
            if (table.get() instanceof TableRef.AtPath) {
                return table;
            }
            TableRef.Named named = (TableRef.Named) table.get();
            if (names.mounted(named.parts()).isPresent()) {
                return table;
            }
        }
        cursor.back(start);
        return Optional.empty();
    }

    private Optional<Verb> notYetOnLakeTable(String verb) {
        cursor.accept("if", "exists");
        return lakeTable().isPresent() ? notYet(verb) : Optional.empty();
    }

    private static Optional<Verb> notYet(String verb) {
        return Optional.of(new Verb.NotYet(verb));
    }

    private boolean has(String first, String second) {
        int at = find(first);
        return at > 0 && statement.is(at + 1, second);
    }

    /** The last place of a word, or a negative number. */
    private int find(String word) {
        for (int i = statement.tokens().size() - 1; i >= 0; i--) {
            if (statement.is(i, word)) {
                return i;
            }
        }
        return -1;
    }
}
