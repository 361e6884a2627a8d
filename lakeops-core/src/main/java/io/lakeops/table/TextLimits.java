package io.lakeops.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The conditions, in Spark's SQL, that hold the texts of CHAR(n) and VARCHAR(n) columns to their lengths. */
final class TextLimits {
    private TextLimits() {}

    static List<TableRules.Check> of(Schema schema) {
        List<TableRules.Check> checks = new ArrayList<>();
        for (Field field : schema.fields()) {
            condition(name(field), field.type(), CharLengths.limits(field), 0)
                    .ifPresent(text -> checks.add(new TableRules.Check(
                            field.name() + " " + field.metadata().get(CharLengths.METADATA_KEY), text)));
        }
        return checks;
    }

    /** True for a value all of whose texts keep to their lengths; empty where there is nothing to hold. */
    private static Optional<String> condition(String value, DataType type, CharLengths lengths, int depth) {
        if (lengths instanceof CharLengths.Padded limit) {
            return Optional.of("(" + value + " IS NULL OR length(" + value + ") <= " + limit.length() + ")");
        }
        if (!(lengths instanceof CharLengths.Parts)) {
            return Optional.empty();
        }
        if (type instanceof DataType.Array array) {
            return each(value, array.element(), lengths.part(0), depth);
        }
        List<String> parts = new ArrayList<>();
        if (type instanceof DataType.Mapping map) {
            each("map_keys(" + value + ")", map.key(), lengths.part(0), depth).ifPresent(parts::add);
            each("map_values(" + value + ")", map.value(), lengths.part(1), depth)
                    .ifPresent(parts::add);
        } else if (type instanceof DataType.Struct struct) {
            for (int i = 0; i < struct.fields().size(); i++) {
                Field field = struct.fields().get(i);
                condition(value + "." + name(field), field.type(), lengths.part(i), depth)
                        .ifPresent(parts::add);
            }
        }
        return Optional.of(String.join(" AND ", parts));
    }

    private static Optional<String> each(String list, DataType type, CharLengths lengths, int depth) {
        String one = "x" + depth;
        return condition(one, type, lengths, depth + 1)
                .map(holds -> "(" + list + " IS NULL OR forall(" + list + ", " + one + " -> " + holds + "))");
    }

    private static String name(Field field) {
        return "`" + field.name().replace("`", "``") + "`";
    }
}
