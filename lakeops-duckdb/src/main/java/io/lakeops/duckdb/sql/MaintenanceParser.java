package io.lakeops.duckdb.sql;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Reads OPTIMIZE, VACUUM, REORG and ANALYZE, from the word after them on. */
final class MaintenanceParser {
    private final VerbText text;
    private final Cursor cursor;

    MaintenanceParser(VerbText text) {
        this.text = text;
        this.cursor = text.cursor();
    }

    Optional<Verb> optimize() {
        cursor.accept("table");
        TableRef table = cursor.requireTable();
        if (cursor.sees("zorder")) {
            return VerbText.notYet("OPTIMIZE … ZORDER BY");
        }
        if (cursor.sees("full") || cursor.sees("verify")) {
            return VerbText.notYet("OPTIMIZE … " + cursor.next().text().toUpperCase(Locale.ROOT));
        }
        Statement statement = text.statement();
        int zorder = text.find("zorder");
        int verify = Math.max(text.find("verify"), text.find("full"));
        if (zorder > 0 && statement.is(zorder + 1, "by")) {
            return VerbText.notYet("OPTIMIZE … ZORDER BY");
        }
        if (verify == statement.tokens().size() - 1) {
            return VerbText.notYet(
                    "OPTIMIZE … " + statement.tokens().get(verify).text().toUpperCase(Locale.ROOT));
        }
        return Optional.of(new Verb.Optimize(table, text.condition()));
    }

    Optional<Verb> vacuum() {
        if (cursor.atEnd() || cursor.sees("(") || cursor.sees("analyze")) {
            return Optional.empty();
        }
        int start = cursor.position();
        Optional<TableRef> table = text.lakeTable();
        if (table.isEmpty()) {
            cursor.back(start);
            boolean deltaWords = text.find("retain") > 0
                    || text.find("dry") > 0
                    || text.find("lite") > 0
                    || text.find("inventory") > 0;
            if (!deltaWords) {
                return Optional.empty();
            }
            table = Optional.of(cursor.requireTable());
        }
        if (cursor.sees("lite") || cursor.sees("full")) {
            return VerbText.notYet("VACUUM … " + cursor.next().text().toUpperCase(Locale.ROOT));
        }
        if (cursor.sees("using")) {
            return VerbText.notYet("VACUUM … USING INVENTORY");
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

    Optional<Verb> reorg() {
        return VerbText.notYet("REORG TABLE");
    }

    Optional<Verb> analyze() {
        return cursor.accept("table") && text.has("compute", "statistics")
                ? VerbText.notYet("ANALYZE TABLE … COMPUTE STATISTICS")
                : Optional.empty();
    }
}
