package io.lakeops.duckdb.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DuckTypesTest {

    static List<DataType> types() {
        List<DataType> types = new ArrayList<>(List.of(Primitive.values()));
        types.add(new DataType.Decimal(1, 0));
        types.add(new DataType.Decimal(38, 18));
        types.add(new DataType.Array(new DataType.Array(Primitive.STRING, true), true));
        types.add(new DataType.Mapping(
                Primitive.STRING, new DataType.Mapping(Primitive.DATE, new DataType.Decimal(9, 2), true), true));
        types.add(new DataType.Struct(List.of(
                Field.of("plain", Primitive.INTEGER),
                Field.of("a \"quoted\", (odd) name", new DataType.Array(Primitive.TIMESTAMP, true)),
                Field.of(
                        "select",
                        new DataType.Struct(List.of(
                                Field.of("日本", Primitive.TIMESTAMP_NTZ), Field.of("a.b", Primitive.VARIANT)))))));
        return types;
    }

    @ParameterizedTest
    @MethodSource("types")
    void what_duckdb_says_of_a_column_of_a_type_is_that_type(DataType type) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t AS SELECT NULL::" + DuckTypes.sql(type) + " AS c");
            try (ResultSet described = statement.executeQuery("DESCRIBE t")) {
                described.next();
                assertThat(DuckTypes.parse(described.getString("column_type"))).isEqualTo(type);
            }
            try (ResultSet value = statement.executeQuery("SELECT typeof(c) FROM t")) {
                value.next();
                assertThat(DuckTypes.parse(value.getString(1))).isEqualTo(type);
            }
        }
    }

    @Test
    void types_that_only_duckdb_has_become_the_type_that_holds_their_values() {
        assertThat(DuckTypes.parse("UINTEGER")).isEqualTo(Primitive.LONG);
        assertThat(DuckTypes.parse("UBIGINT")).isEqualTo(new DataType.Decimal(20, 0));
        assertThat(DuckTypes.parse("ENUM('a)', 'it''s')")).isEqualTo(Primitive.STRING);
        assertThat(DuckTypes.parse("UUID[3]")).isEqualTo(new DataType.Array(Primitive.STRING, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INTERVAL",
                "TIME",
                "TIME WITH TIME ZONE",
                "TIMESTAMP_NS",
                "BIT",
                "UNION(a INTEGER)",
                "",
                "STRUCT",
                "STRUCT(a",
                "INTEGER[",
                "MAP(INTEGER)",
                "DECIMAL(99,1)",
                "INTEGER x"
            })
    void a_type_that_no_table_holds_is_refused_by_name(String type) {
        assertThatThrownBy(() -> DuckTypes.parse(type))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TYPE_UNSUPPORTED))
                .hasMessageContaining(type);
    }
}
