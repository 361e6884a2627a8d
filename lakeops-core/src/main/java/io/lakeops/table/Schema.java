package io.lakeops.table;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The columns of a table, in order. Names differ in more than case.
 *
 * <p>Errors: SCHEMA_MISMATCH for a name that stands twice; COLUMN_NOT_FOUND by {@link #require}.
 */
public record Schema(List<Field> fields) {
    public Schema {
        fields = List.copyOf(fields);
        Set<String> seen = new HashSet<>();
        for (Field field : fields) {
            if (!seen.add(field.name().toLowerCase(Locale.ROOT))) {
                throw new LakeException(
                        ErrorCode.SCHEMA_MISMATCH, "the column stands twice", Map.of("column", field.name()));
            }
        }
    }

    public static Schema of(Field... fields) {
        return new Schema(List.of(fields));
    }

    /** The column of that name, whatever its case. */
    public Optional<Field> find(String name) {
        return fields.stream().filter(f -> f.name().equalsIgnoreCase(name)).findFirst();
    }

    /** The column of that name, whatever its case; COLUMN_NOT_FOUND lists those that are there. */
    public Field require(String name) {
        return find(name)
                .orElseThrow(() -> new LakeException(
                        ErrorCode.COLUMN_NOT_FOUND, "there is no column '" + name + "'", Map.of("columns", names())));
    }

    /** These columns, and behind them those of the other schema that are not among them. */
    public Schema and(Schema other) {
        List<Field> all = new ArrayList<>(fields);
        other.fields().stream().filter(f -> find(f.name()).isEmpty()).forEach(all::add);
        return new Schema(all);
    }

    /** The names, in order. */
    public List<String> names() {
        return fields.stream().map(Field::name).collect(Collectors.toUnmodifiableList());
    }
}
