package io.lakeops.duckdb.sql;

import io.lakeops.duckdb.sql.Token.Kind;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the verbs that are ours, each by the parser of its capability. Verbs that DuckDB has too (INSERT, DELETE,
 * VACUUM, …) are ours where their table is one of the lake.
 *
 * <p>Errors: SQL_SYNTAX with the place; TABLE_NAME_AMBIGUOUS.
 */
final class VerbParser {
    private final VerbText text;
    private final Cursor cursor;

    VerbParser(Statement statement, TableNames names, boolean shape) {
        this.text = VerbText.of(statement, names, shape);
        this.cursor = text.cursor();
    }

    /** The verb; empty where the statement is DuckDB's. */
    Optional<Verb> parse() {
        if (cursor.atEnd() || !cursor.seesKind(Kind.WORD)) {
            return Optional.empty();
        }
        return switch (cursor.next().lower()) {
            case "describe", "desc" -> new DescribeParser(text).describe();
            case "show" -> new DescribeParser(text).show();
            case "insert" -> new InsertParser(text).parse();
            case "delete" -> new ChangeParser(text).delete();
            case "update" -> new ChangeParser(text).update();
            case "merge" -> new ChangeParser(text).merge();
            case "truncate" -> new ChangeParser(text).truncate();
            case "create" -> new CreateParser(text).parse();
            case "alter" -> new DefinitionParser(text).alter();
            case "drop" -> new DefinitionParser(text).drop();
            case "undrop" -> new DefinitionParser(text).undrop();
            case "convert" -> new DefinitionParser(text).convert();
            case "optimize" -> new MaintenanceParser(text).optimize();
            case "vacuum" -> new MaintenanceParser(text).vacuum();
            case "reorg" -> new MaintenanceParser(text).reorg();
            case "analyze" -> new MaintenanceParser(text).analyze();
            case "restore" -> new RecoveryParser(text).restore();
            case "undo" -> new RecoveryParser(text).undo();
            case "fsck" -> new RecoveryParser(text).fsck();
            case "set" -> new OptionParser(text).set();
            case "reset" -> new OptionParser(text).reset();
            case "explain" -> explain();
            default -> Optional.empty();
        };
    }

    private Optional<Verb> explain() {
        if (cursor.accept("quality")) {
            return VerbText.notYet("EXPLAIN QUALITY");
        }
        cursor.accept("analyze");
        int first = cursor.position();
        if (cursor.atEnd()) {
            return Optional.empty();
        }
        Statement statement = text.statement();
        Statement inner = Statement.of(statement.text(first, statement.tokens().size() - 1));
        Optional<Verb> verb = new VerbParser(inner, text.names(), text.shape()).parse();
        return verb.isEmpty()
                ? Optional.empty()
                : VerbText.notYet(
                        "EXPLAIN " + inner.tokens().get(0).text().toUpperCase(Locale.ROOT) + " on a Delta table");
    }
}
