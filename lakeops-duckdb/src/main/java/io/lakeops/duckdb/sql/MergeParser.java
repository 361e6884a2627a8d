package io.lakeops.duckdb.sql;

import io.lakeops.engine.Assignment;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MergeRequest;
import io.lakeops.engine.MergeRequest.Clause;
import io.lakeops.engine.MergeRequest.When;
import io.lakeops.table.Predicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Parses MERGE, from the table's name on. */
final class MergeParser {
    private final Statement statement;
    private final Cursor cursor;
    private final Rewriter rewriter;
    private final TableRef table;
    private final boolean evolves;
    private String target = "";

    MergeParser(VerbText text, TableRef table, boolean evolves) {
        this.statement = text.statement();
        this.cursor = text.cursor();
        this.rewriter = text.rewriter();
        this.table = table;
        this.evolves = evolves;
    }

    Verb parse() {
        target = cursor.accept("as") || !cursor.sees("using")
                ? cursor.name()
                : table instanceof TableRef.Named named
                        ? named.parts().get(named.parts().size() - 1)
                        : "target";
        cursor.expect("using");
        int first = cursor.position();
        String source = cursor.until("on");
        String alias = alias(first, cursor.position() - 1);
        cursor.expect("on");
        String on = rewriter.rewrite(cursor.until("when"));
        List<Clause> clauses = new ArrayList<>();
        do {
            clauses.add(clause());
        } while (!cursor.atEnd());
        return new Verb.Merge(evolves, table, target, rewriter.rewrite("SELECT * FROM " + source), alias, on, clauses);
    }

    /** The name that a table expression gives its rows. */
    private String alias(int first, int last) {
        List<Token> tokens = statement.tokens();
        int at = last;
        if (tokens.get(at).is(")")) {
            int depth = 0;
            while (at > first) {
                depth += tokens.get(at).is(")") ? 1 : tokens.get(at).is("(") ? -1 : 0;
                if (depth == 0) {
                    break;
                }
                at--;
            }
            // Either the names of the columns behind the alias, or a query or call without one.
            at--;
            boolean columns = at > first
                    && tokens.get(at).isName()
                    && (tokens.get(at - 1).is("as") || tokens.get(at - 1).is(")"));
            return columns ? tokens.get(at).value() : "source";
        }
        return tokens.get(at).isName() ? tokens.get(at).value() : "source";
    }

    private Clause clause() {
        cursor.expect("when");
        boolean not = cursor.accept("not");
        cursor.expect("matched");
        When when = not ? When.NOT_MATCHED : When.MATCHED;
        if (not && cursor.accept("by")) {
            if (cursor.accept("source")) {
                when = When.NOT_MATCHED_BY_SOURCE;
            } else {
                cursor.expect("target");
            }
        }
        Optional<Expr> condition =
                cursor.accept("and") ? Optional.of(expression(cursor.until("then"))) : Optional.empty();
        cursor.expect("then");
        return new Clause(when, condition, action());
    }

    private MergeRequest.Action action() {
        if (cursor.accept("delete")) {
            return new MergeRequest.Delete();
        }
        if (cursor.accept("update")) {
            cursor.expect("set");
            return cursor.accept("*") ? new MergeRequest.SetAll() : new MergeRequest.Set(assignments());
        }
        cursor.expect("insert");
        if (cursor.accept("*")) {
            return new MergeRequest.InsertAll();
        }
        return new MergeRequest.Insert(values());
    }

    private List<Assignment> assignments() {
        List<Assignment> set = new ArrayList<>();
        do {
            List<String> path = cursor.path();
            if (path.size() > 1 && path.get(0).equalsIgnoreCase(target)) {
                path = path.subList(1, path.size());
            }
            cursor.expect("=");
            set.add(new Assignment(path.get(0), path.subList(1, path.size()), expression(cursor.until(",", "when"))));
        } while (cursor.accept(","));
        return set;
    }

    private List<Assignment> values() {
        List<String> columns = cursor.names();
        cursor.expect("values", "(");
        List<Assignment> values = new ArrayList<>();
        for (String column : columns) {
            if (!values.isEmpty()) {
                cursor.expect(",");
            }
            values.add(new Assignment(column, expression(cursor.until(",", ")"))));
        }
        cursor.expect(")");
        return values;
    }

    private Expr expression(String text) {
        return new Expr(rewriter.rewrite(text), "duckdb", Predicate.always());
    }
}
