package io.lakeops.definition;

import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableRules;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Expressions that a table keeps, by the columns that they may name. */
final class Dependents {
    private static final String CONSTRAINT = TableRules.CONSTRAINT;
    private static final String GENERATION = TableRules.GENERATION;

    private Dependents() {}

    /** The expressions in which a name is that column's; a field of that name counts too, which errs on the safe side. */
    static List<String> of(Snapshot base, String column) {
        List<String> found = new ArrayList<>();
        new TreeMap<>(base.detail().properties()).forEach((key, value) -> {
            if (key.startsWith(CONSTRAINT) && names(value, column)) {
                found.add("CHECK " + key.substring(CONSTRAINT.length()) + ": " + value);
            }
        });
        generated(base.schema().fields(), column, found);
        return found;
    }

    private static void generated(List<Field> fields, String column, List<String> found) {
        for (Field field : fields) {
            if (field.metadata().get(GENERATION) instanceof String text && names(text, column)) {
                found.add(field.name() + " GENERATED ALWAYS AS: " + text);
            }
            if (field.type() instanceof DataType.Struct struct) {
                generated(struct.fields(), column, found);
            }
        }
    }

    /** Whether a name in an expression of Spark's is the column's: a word, or what stands in backticks. */
    static boolean names(String expression, String column) {
        int at = 0;
        while (at < expression.length()) {
            char c = expression.charAt(at);
            int end;
            if (c == '\'' || c == '"') {
                end = endOfText(expression, at, false);
            } else if (c == '`') {
                end = endOfQuoted(expression, at);
                String name = expression.substring(at + 1, Math.max(at + 1, end - 1));
                if (name.replace("``", "`").equalsIgnoreCase(column)) {
                    return true;
                }
            } else if (Character.isJavaIdentifierPart(c)) {
                end = at;
                while (end < expression.length() && Character.isJavaIdentifierPart(expression.charAt(end))) {
                    end++;
                }
                String word = expression.substring(at, end);
                boolean text = end < expression.length() && "'\"".indexOf(expression.charAt(end)) >= 0;
                if (word.equalsIgnoreCase("r") && text) {
                    end = endOfText(expression, end, true);
                } else if (word.equalsIgnoreCase(column)) {
                    return true;
                }
            } else {
                end = at + 1;
            }
            at = end;
        }
        return false;
    }

    private static int endOfText(String expression, int start, boolean raw) {
        char quote = expression.charAt(start);
        for (int at = start + 1; at < expression.length(); at++) {
            if (expression.charAt(at) == quote) {
                return at + 1;
            }
            if (expression.charAt(at) == '\\' && !raw) {
                at++;
            }
        }
        return expression.length();
    }

    private static int endOfQuoted(String expression, int start) {
        int at = start + 1;
        while (at < expression.length()) {
            if (expression.charAt(at) == '`') {
                if (at + 1 == expression.length() || expression.charAt(at + 1) != '`') {
                    return at + 1;
                }
                at++;
            }
            at++;
        }
        return expression.length();
    }
}
