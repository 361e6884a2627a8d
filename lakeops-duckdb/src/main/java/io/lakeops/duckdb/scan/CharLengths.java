package io.lakeops.duckdb.scan;

import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which texts of a column are CHAR(n), and so are shown padded with blanks.
 *
 * <p>Source: Spark keeps the declared type of a string column in the field's metadata.
 */
sealed interface CharLengths {
    /** What Spark calls the entry. */
    String METADATA_KEY = "__CHAR_VARCHAR_TYPE_STRING";

    /** Nothing to pad here or below. */
    record None() implements CharLengths {}

    /** A text of at least {@code length} characters. */
    record Padded(int length) implements CharLengths {}

    /** The parts of a struct, list (one) or map (two), in order. */
    record Parts(List<CharLengths> parts) implements CharLengths {}

    /** What the field's metadata says; nothing for metadata that doesn't fit the type. */
    static CharLengths of(Field field) {
        return field.metadata().get(METADATA_KEY) instanceof String text && text.contains("char(")
                ? new Reader(text).read(field.type())
                : new None();
    }

    /** The lengths of a part. */
    default CharLengths part(int index) {
        return this instanceof Parts all && index < all.parts().size()
                ? all.parts().get(index)
                : new None();
    }

    /** The length to pad to. */
    default Optional<Integer> padTo() {
        return this instanceof Padded padded ? Optional.of(padded.length()) : Optional.empty();
    }

    /** Walks the declared type along the type that it became. */
    final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
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
            if (name.startsWith("char(") && name.endsWith(")")) {
                return new Padded(Integer.parseInt(name.substring(5, name.length() - 1)));
            }
            return new None();
        }

        private boolean skip(String part) {
            if (text.startsWith(part, at)) {
                at += part.length();
                return true;
            }
            return false;
        }

        private static CharLengths parts(List<CharLengths> parts) {
            return parts.stream().allMatch(None.class::isInstance) ? new None() : new Parts(parts);
        }
    }
}
