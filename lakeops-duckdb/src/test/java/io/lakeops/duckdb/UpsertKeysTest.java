package io.lakeops.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.change.Append;
import io.lakeops.change.ChangeResult;
import io.lakeops.change.Upsert;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableSpec;
import io.lakeops.testkit.MemoryFormat;
import io.lakeops.testkit.OperationsSubject;
import io.lakeops.testkit.TestTable;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files are left out of an upsert by the range of its keys only where no key of theirs is lost by it. */
class UpsertKeysTest implements OperationsSubject {
    private final MemoryFormat format = new MemoryFormat();
    private final DuckDbEngine engine = new DuckDbEngine();

    @TempDir
    private Path folder;

    @Override
    public TableFormat format() {
        return format;
    }

    @Override
    public ComputeEngine engine() {
        return engine;
    }

    static Stream<Arguments> keys() {
        return Stream.of(
                Arguments.of(Primitive.LONG, "'7'", "'007'", "'10'"),
                Arguments.of(Primitive.INTEGER, "7", "7::HUGEINT", "10::HUGEINT"),
                Arguments.of(Primitive.STRING, "'9'", "9::HUGEINT", "10::HUGEINT"),
                Arguments.of(Primitive.STRING, "'9'", "9", "10"),
                Arguments.of(Primitive.STRING, "'b'", "'b'::ENUM('c', 'b', 'a')", "'c'::ENUM('c', 'b', 'a')"),
                Arguments.of(
                        Primitive.STRING,
                        "'00000000-0000-0000-0000-00000000000b'",
                        "'00000000-0000-0000-0000-00000000000b'::UUID",
                        "'f0000000-0000-0000-0000-00000000000b'::UUID"),
                Arguments.of(
                        Primitive.DATE, "DATE '2024-04-01'", "TIMESTAMP '2024-04-01 00:00:00'", "DATE '2024-05-01'"),
                Arguments.of(
                        Primitive.TIMESTAMP_NTZ,
                        "TIMESTAMP '2024-04-01 10:00:00.123456'",
                        "'2024-04-01 10:00:00.123456'",
                        "'2024-04-02 10:00:00'"),
                Arguments.of(
                        Primitive.TIMESTAMP,
                        "TIMESTAMPTZ '2024-04-01 10:00:00.123456+02'",
                        "TIMESTAMPTZ '2024-04-01 08:00:00.123456+00'",
                        "TIMESTAMPTZ '2024-05-01 08:00:00+00'"),
                Arguments.of(new DataType.Decimal(12, 4), "1.5", "1.50", "99"),
                Arguments.of(Primitive.DOUBLE, "0.1", "0.1::DECIMAL(3,1)", "9.5::DECIMAL(3,1)"),
                Arguments.of(Primitive.FLOAT, "0.1", "0.1::DECIMAL(3,1)", "9.5::DECIMAL(3,1)"),
                Arguments.of(Primitive.DOUBLE, "'NaN'::DOUBLE", "'NaN'::DOUBLE", "1.0::DOUBLE"),
                Arguments.of(Primitive.BOOLEAN, "true", "true", "false"));
    }

    @ParameterizedTest(name = "{0}: {2} finds {1}")
    @MethodSource("keys")
    void a_key_is_found_whatever_type_it_comes_in(DataType type, String stored, String same, String other) {
        Schema schema = Schema.of(Field.of("k", type), Field.of("v", Primitive.STRING));
        try (TestTable t = TestTable.create(this, folder, TableSpec.of(schema))) {
            Relation row = TestTable.query("SELECT " + stored + " AS k, 'old' AS v");
            Append.of(row).run(t.table(), t.session(), t.run());

            ChangeResult result = Upsert.of(
                            new Relation.Query(Expr.of(
                                    "SELECT " + same + " AS k, 'new' AS v UNION ALL SELECT " + other + ", 'more'")),
                            "K")
                    .run(t.table(), t.session(), t.run());

            assertThat(result.updatedRows()).isEqualTo(1);
            assertThat(result.insertedRows()).isEqualTo(1);
            assertThat(t.files()).hasSize(1);
        }
    }

    @Test
    void files_outside_the_range_of_the_keys_are_not_read() {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            var far = t.appendFile("(100, 'b', 'd1')");
            // It is gone: who reads it fails.
            assertThat(far.location().toFile().delete()).isTrue();

            assertThat(Upsert.of(TestTable.values("(1, 'A', 'd1'), (2, 'B', 'd1')"), "id")
                            .run(t.table(), t.session(), t.run())
                            .updatedRows())
                    .isEqualTo(1);
            assertThat(t.paths()).contains(far.path());
        }
    }
}
