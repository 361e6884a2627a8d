package io.lakeops.definition;

import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Expressions that a table keeps, by the columns that they may name. */
final class Dependents {
    private static final String CONSTRAINT = TableRules.CONSTRAINT;
    private static final String GENERATION = TableRules.GENERATION;

    private Dependents() {}

    /** The expressions in which a word is that column's name; a word in a text counts too, which errs on the safe side. */
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

    private static boolean names(String expression, String column) {
        String text = expression.toLowerCase(Locale.ROOT);
        String word = column.toLowerCase(Locale.ROOT);
        for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
            int end = at + word.length();
            boolean begins = at == 0 || !Character.isJavaIdentifierPart(text.charAt(at - 1));
            boolean ends = end == text.length() || !Character.isJavaIdentifierPart(text.charAt(end));
            if (begins && ends) {
                return true;
            }
        }
        return false;
    }
}
