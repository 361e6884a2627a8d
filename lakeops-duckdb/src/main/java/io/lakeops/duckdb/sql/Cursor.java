package io.lakeops.duckdb.sql;

import io.lakeops.duckdb.sql.Token.Kind;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A place within a statement that moves on as it is read. */
final class Cursor {
    private final Statement statement;
    private final boolean shape;
    private int at;

    /** {@code shape}: a parameter stands for whatever is expected; for a statement whose parameters are not known yet. */
    Cursor(Statement statement, boolean shape) {
        this.statement = statement;
        this.shape = shape;
    }

    int position() {
        return at;
    }

    void back(int position) {
        at = position;
    }

    boolean atEnd() {
        return at >= statement.tokens().size();
    }

    boolean sees(String word) {
        return statement.is(at, word);
    }

    boolean sees(int ahead, String word) {
        return statement.is(at + ahead, word);
    }

    boolean seesKind(Kind kind) {
        return !atEnd() && statement.tokens().get(at).kind() == kind;
    }

    Token next() {
        if (atEnd()) {
            throw wrong("something is missing at its end");
        }
        return statement.tokens().get(at++);
    }

    /** Takes the words where all of them come next. */
    boolean accept(String... words) {
        for (int i = 0; i < words.length; i++) {
            if (!sees(i, words[i])) {
                return false;
            }
        }
        at += words.length;
        return true;
    }

    void expect(String... words) {
        if (!accept(words)) {
            throw wrong("expected " + String.join(" ", words));
        }
    }

    void expectEnd() {
        if (!atEnd()) {
            throw wrong("nothing was expected here");
        }
    }

    /** A column's name. */
    String name() {
        if (atEnd() || !statement.tokens().get(at).isName()) {
            throw wrong("expected a name");
        }
        return next().value();
    }

    /** What gets a value: a column's name, or names down to a field of a struct. */
    List<String> path() {
        List<String> path = new ArrayList<>();
        do {
            path.add(name());
        } while (accept("."));
        if (sees("[")) {
            throw new LakeException(
                    ErrorCode.NOT_YET,
                    "an assignment to an element of '" + String.join(".", path) + "' is not built yet");
        }
        return path;
    }

    /** {@code (a, b, …)}. */
    List<String> names() {
        expect("(");
        List<String> names = new ArrayList<>();
        do {
            names.add(name());
        } while (accept(","));
        expect(")");
        return names;
    }

    /** A text literal. */
    String text() {
        if (seesKind(Kind.STRING) || (shape && seesKind(Kind.PARAMETER))) {
            return next().value();
        }
        throw wrong("expected a text in single quotes");
    }

    /** A point in time as a text, with its type before it or not. */
    String timestamp() {
        if (sees("timestamp") || sees("timestamptz") || sees("date")) {
            next();
        }
        return text();
    }

    /** A whole number that is not negative. */
    long whole() {
        if (shape && seesKind(Kind.PARAMETER)) {
            at++;
            return 0;
        }
        if (seesKind(Kind.NUMBER)) {
            try {
                long value = Long.parseLong(statement.tokens().get(at).text().replace("_", ""));
                at++;
                return value;
            } catch (NumberFormatException e) {
                throw wrong("expected a whole number");
            }
        }
        throw wrong("expected a whole number");
    }

    /** A number that is not negative. */
    double number() {
        if (shape && seesKind(Kind.PARAMETER)) {
            at++;
            return 0;
        }
        if (seesKind(Kind.NUMBER)) {
            try {
                return Double.parseDouble(next().text().replace("_", ""));
            } catch (NumberFormatException e) {
                at--;
                throw wrong("expected a number");
            }
        }
        throw wrong("expected a number");
    }

    /** A table in any of its spellings; nothing is taken where none comes next. */
    Optional<TableRef> table() {
        int start = at;
        if (seesKind(Kind.STRING) || (shape && seesKind(Kind.PARAMETER))) {
            return Optional.of(new TableRef.AtPath(next().value()));
        }
        Optional<String> backtick = deltaPath();
        if (backtick.isPresent()) {
            return backtick.map(TableRef.AtPath::new);
        }
        if (accept("delta_scan", "(")) {
            String path = text();
            if (!sees(")")) {
                throw wrong("a verb takes the whole table: delta_scan with its path alone");
            }
            expect(")");
            return Optional.of(new TableRef.AtPath(path));
        }
        if (atEnd() || !statement.tokens().get(at).isName()) {
            return Optional.empty();
        }
        List<String> parts = new ArrayList<>();
        do {
            if (atEnd() || !statement.tokens().get(at).isName()) {
                at = start;
                return Optional.empty();
            }
            parts.add(next().value());
        } while (accept("."));
        return Optional.of(new TableRef.Named(parts));
    }

    TableRef requireTable() {
        return table().orElseThrow(() -> wrong("expected a table: 'path', delta.`path`, delta_scan('path') or a name"));
    }

    /** {@code delta.`path`}. */
    Optional<String> deltaPath() {
        return quotedPath("delta");
    }

    /** {@code format.`path`}. */
    Optional<String> quotedPath(String format) {
        if (sees(format)
                && sees(1, ".")
                && at + 2 < statement.tokens().size()
                && statement.tokens().get(at + 2).kind() == Kind.BACKTICK) {
            at += 3;
            return Optional.of(statement.tokens().get(at - 1).value());
        }
        return Optional.empty();
    }

    /** The text from here to the next of those words outside all brackets and CASE, or to the statement's end. */
    String until(String... stops) {
        int first = at;
        int depth = 0;
        while (!atEnd()) {
            if (depth == 0 && Stream.of(stops).anyMatch(this::sees)) {
                break;
            }
            if (sees("(") || sees("[") || sees("{") || sees("case")) {
                depth++;
            } else if (sees(")") || sees("]") || sees("}") || sees("end")) {
                depth--;
            }
            if (depth < 0) {
                throw wrong("a bracket is closed that was not opened");
            }
            at++;
        }
        if (at == first) {
            throw wrong("something is missing");
        }
        if (depth > 0) {
            throw wrong("a bracket is not closed");
        }
        return statement.text(first, at - 1);
    }

    /** The statement's text from here to its end. */
    String rest() {
        if (atEnd()) {
            throw wrong("something is missing at its end");
        }
        // Its text is put into a statement of ours: brackets must not reach beyond it.
        return until();
    }

    LakeException wrong(String problem) {
        int offset =
                atEnd() ? statement.text().length() : statement.tokens().get(at).start();
        String near = atEnd() ? "the end" : "'" + statement.tokens().get(at).text() + "'";
        return new LakeException(
                ErrorCode.SQL_SYNTAX,
                problem + ", at character " + (offset + 1) + " near " + near,
                Map.of("statement", statement.text()));
    }
}
