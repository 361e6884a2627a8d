package io.lakeops.duckdb.property;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A column of a random type, and random values for it as SQL. */
record RandomColumn(String name, Type type) {
    sealed interface Type {
        /** As DuckDB and {@code CREATE TABLE} both name it. */
        String type();

        String value(Random random);
    }

    /** @param values constants without a type: the corners first, where anybody would look for mistakes */
    record Primitive(String type, List<String> values) implements Type {
        @Override
        public String value(Random random) {
            return "CAST(" + values.get(random.nextInt(values.size())) + " AS " + type + ")";
        }
    }

    record Struct(List<String> fields, List<Type> types) implements Type {
        @Override
        public String type() {
            return IntStream.range(0, fields.size())
                    .mapToObj(i -> quoted(fields.get(i)) + " " + types.get(i).type())
                    .collect(Collectors.joining(", ", "STRUCT(", ")"));
        }

        @Override
        public String value(Random random) {
            return IntStream.range(0, fields.size())
                    .mapToObj(i -> "'" + fields.get(i) + "': " + orNull(types.get(i), random))
                    .collect(Collectors.joining(", ", "CAST({", "} AS " + type() + ")"));
        }
    }

    record Sequence(Type element) implements Type {
        @Override
        public String type() {
            return element.type() + "[]";
        }

        @Override
        public String value(Random random) {
            return IntStream.range(0, random.nextInt(4))
                    .mapToObj(i -> orNull(element, random))
                    .collect(Collectors.joining(", ", "CAST([", "] AS " + type() + ")"));
        }
    }

    record Dictionary(Type element) implements Type {
        @Override
        public String type() {
            return "MAP(VARCHAR, " + element.type() + ")";
        }

        @Override
        public String value(Random random) {
            return IntStream.range(0, random.nextInt(3))
                    .mapToObj(i -> "'key " + i + "': " + orNull(element, random))
                    .collect(Collectors.joining(", ", "CAST(MAP {", "} AS " + type() + ")"));
        }
    }

    static final List<Primitive> PRIMITIVES = List.of(
            primitive("BOOLEAN", "true", "false"),
            primitive("TINYINT", "-128", "127", "0", "1"),
            primitive("SMALLINT", "-32768", "32767", "0", "7"),
            primitive("INTEGER", "-2147483648", "2147483647", "0", "42"),
            primitive("BIGINT", "'-9223372036854775808'", "9223372036854775807", "0", "-1", "9007199254740993"),
            primitive("FLOAT", "'nan'", "'inf'", "'-inf'", "'-0.0'", "0", "1.5", "'3.4028235e38'", "'1e-45'", "0.1"),
            primitive(
                    "DOUBLE", "'nan'", "'inf'", "'-inf'", "'-0.0'", "0", "0.1", "'1.7976931348623157e308'", "'5e-324'"),
            primitive("DECIMAL(9,2)", "9999999.99", "-9999999.99", "0.01", "0"),
            primitive("DECIMAL(18,0)", "999999999999999999", "-999999999999999999", "1"),
            primitive(
                    "DECIMAL(38,18)",
                    "'99999999999999999999.999999999999999999'",
                    "'-99999999999999999999.999999999999999999'",
                    "'0.000000000000000001'",
                    "1"),
            primitive(
                    "VARCHAR",
                    "'a'",
                    "'b c'",
                    "' '",
                    "'NULL'",
                    "'null'",
                    "'it''s'",
                    "'a%20b/c=d'",
                    "'__HIVE_DEFAULT_PARTITION__'",
                    "chr(1)",
                    "'x' || chr(10) || '\"y\"\\'",
                    "repeat('é😀', 40)",
                    "repeat(chr(1114111), 33)",
                    "repeat('z', 3000)",
                    "'ünï'",
                    "chr(65535) || 'q'"),
            primitive("BLOB", "'\\x00\\xFF'", "'abc'", "'\\x80'"),
            primitive("DATE", "'0001-01-01'", "'9999-12-31'", "'1582-10-10'", "'1969-12-31'", "'2024-02-29'"),
            primitive(
                    "TIMESTAMP",
                    "'0001-01-01 00:00:00'",
                    "'9999-12-31 23:59:59.999999'",
                    "'1969-12-31 23:59:59.999999'",
                    "'2024-02-29 12:34:56.123456'",
                    "'1582-10-10 00:00:00.000001'"),
            primitive(
                    "TIMESTAMPTZ",
                    "'0001-01-01 00:00:00+00'",
                    "'9999-12-31 23:59:59.999999+00'",
                    "'1969-12-31 23:59:59.999999+00'",
                    "'2024-02-29 12:34:56.123456+00'",
                    "'2024-02-29 12:34:56.123999+00'"));

    private static Primitive primitive(String type, String... values) {
        return new Primitive(type, List.of(values));
    }

    static Type type(Random random, int depth) {
        int kind = depth == 0 ? 0 : random.nextInt(10);
        return switch (kind) {
            case 7 -> new Struct(List.of("a", "B c"), List.of(type(random, depth - 1), type(random, depth - 1)));
            case 8 -> new Sequence(type(random, depth - 1));
            case 9 -> new Dictionary(type(random, depth - 1));
            default -> PRIMITIVES.get(random.nextInt(PRIMITIVES.size()));
        };
    }

    /** A value of the column, or null one time in five. */
    String value(Random random) {
        return orNull(type, random);
    }

    private static String orNull(Type type, Random random) {
        return random.nextInt(5) == 0 ? "NULL" : type.value(random);
    }

    String quoted() {
        return quoted(name);
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    String definition() {
        return quoted() + " " + type.type();
    }
}
