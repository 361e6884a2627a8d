package io.lakeops.table;

import java.util.ArrayList;
import java.util.List;

/** Walks the declared type along the type that it became. */
final class CharLengthReader {
    private final String text;
    private final boolean limits;
    private int at;

    /** Reads what pads texts, or, for {@code limits}, what bounds them. */
    CharLengthReader(String text, boolean limits) {
        this.text = text;
        this.limits = limits;
    }

    CharLengths read(DataType type) {
        if (type instanceof DataType.Struct struct) {
            skip("struct<");
            List<CharLengths> parts = new ArrayList<>();
            for (Field field : struct.fields()) {
                skip(",");
                if (!skip("`" + field.name().replace("`", "``") + "`:")) {
                    skip(field.name() + ":");
                }
                parts.add(read(field.type()));
            }
            skip(">");
            return parts(parts);
        }
        if (type instanceof DataType.Array array) {
            skip("array<");
            CharLengths element = read(array.element());
            skip(">");
            return parts(List.of(element));
        }
        if (type instanceof DataType.Mapping map) {
            skip("map<");
            CharLengths key = read(map.key());
            skip(",");
            CharLengths value = read(map.value());
            skip(">");
            return parts(List.of(key, value));
        }
        int end = at;
        int depth = 0;
        while (end < text.length() && (depth > 0 || (text.charAt(end) != ',' && text.charAt(end) != '>'))) {
            depth += text.charAt(end) == '(' ? 1 : text.charAt(end) == ')' ? -1 : 0;
            end++;
        }
        String name = text.substring(at, end);
        at = end;
        if (limits && name.startsWith("varchar(") && name.endsWith(")")) {
            return length(name.substring(8, name.length() - 1));
        }
        if (name.startsWith("char(") && name.endsWith(")")) {
            return length(name.substring(5, name.length() - 1));
        }
        return new CharLengths.None();
    }

    private static CharLengths length(String digits) {
        // Spark's own metadata; whatever else stands there pads nothing.
        return digits.matches("[0-9]{1,9}") ? new CharLengths.Padded(Integer.parseInt(digits)) : new CharLengths.None();
    }

    private boolean skip(String part) {
        if (text.startsWith(part, at)) {
            at += part.length();
            return true;
        }
        return false;
    }

    private static CharLengths parts(List<CharLengths> parts) {
        return parts.stream().allMatch(CharLengths.None.class::isInstance)
                ? new CharLengths.None()
                : new CharLengths.Parts(parts);
    }
}
