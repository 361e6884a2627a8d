package io.lakeops.duckdb.type;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The types of tables and those of DuckDB, each as the other's.
 *
 * <p>Errors: TYPE_UNSUPPORTED for a DuckDB type that no table can hold.
 *
 * <p>Threads: safe; holds nothing.
 */
public final class DuckTypes {
    private DuckTypes() {}

    /** The DuckDB type that holds a table's type exactly, as SQL text; nested fields by their logical names. */
    public static String sql(DataType type) {
        return sql(type, Field::name);
    }

    /** {@link #sql(DataType)} with the names of nested fields as the data files have them. */
    public static String physicalSql(DataType type) {
        return sql(type, Field::physicalName);
    }

    private static String sql(DataType type, Function<Field, String> name) {
        if (type instanceof Primitive primitive) {
            return switch (primitive) {
                case BOOLEAN -> "BOOLEAN";
                case BYTE -> "TINYINT";
                case SHORT -> "SMALLINT";
                case INTEGER -> "INTEGER";
                case LONG -> "BIGINT";
                case FLOAT -> "FLOAT";
                case DOUBLE -> "DOUBLE";
                case STRING -> "VARCHAR";
                case BINARY -> "BLOB";
                case DATE -> "DATE";
                case TIMESTAMP -> "TIMESTAMP WITH TIME ZONE";
                case TIMESTAMP_NTZ -> "TIMESTAMP";
                case VARIANT -> "VARIANT";
            };
        }
        if (type instanceof DataType.Decimal decimal) {
            return "DECIMAL(" + decimal.precision() + "," + decimal.scale() + ")";
        }
        if (type instanceof DataType.Struct struct) {
            if (struct.fields().isEmpty()) {
                throw new LakeException(ErrorCode.TYPE_UNSUPPORTED, "a struct without fields has no type in DuckDB");
            }
            return struct.fields().stream()
                    .map(f -> SqlText.identifier(name.apply(f)) + " " + sql(f.type(), name))
                    .collect(Collectors.joining(", ", "STRUCT(", ")"));
        }
        if (type instanceof DataType.Array array) {
            return sql(array.element(), name) + "[]";
        }
        DataType.Mapping map = (DataType.Mapping) type;
        return "MAP(" + sql(map.key(), name) + ", " + sql(map.value(), name) + ")";
    }

    /**
     * The table's type that holds the values of a DuckDB type, given as DESCRIBE and {@code typeof} print it. Unsigned
     * and very wide whole numbers become the next wider type; ENUM, UUID and JSON become text.
     */
    public static DataType parse(String duckdbType) {
        return new DuckTypeParser(duckdbType).parse();
    }

    /** The type of values of that DuckDB type, with the type's text in the error where there is none. */
    static DataType primitive(String name, String whole) {
        DataType type = PRIMITIVES.get(name);
        if (type == null) {
            throw new LakeException(
                    ErrorCode.TYPE_UNSUPPORTED,
                    "no table can hold DuckDB's type " + whole + "; cast the column to another type",
                    Map.of("type", whole));
        }
        return type;
    }

    private static final Map<String, DataType> PRIMITIVES = Map.ofEntries(
            Map.entry("BOOLEAN", Primitive.BOOLEAN),
            Map.entry("TINYINT", Primitive.BYTE),
            Map.entry("SMALLINT", Primitive.SHORT),
            Map.entry("INTEGER", Primitive.INTEGER),
            Map.entry("BIGINT", Primitive.LONG),
            Map.entry("UTINYINT", Primitive.SHORT),
            Map.entry("USMALLINT", Primitive.INTEGER),
            Map.entry("UINTEGER", Primitive.LONG),
            Map.entry("UBIGINT", new DataType.Decimal(20, 0)),
            Map.entry("HUGEINT", new DataType.Decimal(38, 0)),
            Map.entry("FLOAT", Primitive.FLOAT),
            Map.entry("DOUBLE", Primitive.DOUBLE),
            Map.entry("VARCHAR", Primitive.STRING),
            Map.entry("JSON", Primitive.STRING),
            Map.entry("UUID", Primitive.STRING),
            Map.entry("BLOB", Primitive.BINARY),
            Map.entry("DATE", Primitive.DATE),
            Map.entry("TIMESTAMP WITH TIME ZONE", Primitive.TIMESTAMP),
            Map.entry("TIMESTAMP", Primitive.TIMESTAMP_NTZ),
            Map.entry("TIMESTAMP_S", Primitive.TIMESTAMP_NTZ),
            Map.entry("TIMESTAMP_MS", Primitive.TIMESTAMP_NTZ),
            Map.entry("VARIANT", Primitive.VARIANT),
            // An untyped NULL: DuckDB stores it as INTEGER, and so do we.
            Map.entry("NULL", Primitive.INTEGER));
}
