package io.lakeops.duckdb.engine;

import io.lakeops.duckdb.type.DuckTypes;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A struct's new value from one that may lack some of its fields, which stay as they are. */
final class PartialValue {
    private PartialValue() {}

    /**
     * The value as the type has it, as SQL. A value that is null is null whole.
     *
     * @param from the value's DuckDB type
     * @param before what stands there, as SQL
     */
    static String of(String value, String from, DataType type, String before) {
        boolean struct = type instanceof DataType.Struct && from.startsWith("STRUCT(");
        return struct ? of(value, DuckTypes.parse(from), type, before) : cast(value, type);
    }

    private static String of(String value, DataType from, DataType type, String before) {
        if (!(from instanceof DataType.Struct given)
                || !(type instanceof DataType.Struct struct)
                || has(given, struct)) {
            return cast(value, type);
        }
        Schema fields = new Schema(given.fields());
        List<String> packed = new ArrayList<>();
        for (Field field : struct.fields()) {
            String old = "struct_extract(" + before + ", " + SqlText.string(field.name()) + ")";
            Optional<Field> own = fields.find(field.name());
            String part = own.isEmpty()
                    ? old
                    : of(
                            "struct_extract(" + value + ", "
                                    + SqlText.string(own.get().name()) + ")",
                            own.get().type(),
                            field.type(),
                            old);
            packed.add(SqlText.identifier(field.name()) + " := " + part);
        }
        return "CASE WHEN " + value + " IS NULL THEN NULL ELSE "
                + cast("struct_pack(" + String.join(", ", packed) + ")", type) + " END";
    }

    /** Whether a value has all the fields, at any depth of structs. */
    private static boolean has(DataType.Struct given, DataType.Struct struct) {
        Schema fields = new Schema(given.fields());
        return struct.fields().stream()
                .allMatch(field -> fields.find(field.name())
                        .filter(own -> !(own.type() instanceof DataType.Struct inner)
                                || !(field.type() instanceof DataType.Struct wanted)
                                || has(inner, wanted))
                        .isPresent());
    }

    private static String cast(String value, DataType type) {
        return "CAST(" + value + " AS " + DuckTypes.sql(type) + ")";
    }
}
