package io.lakeops.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.LogParquet;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What whoever writes a log's Parquet files must write, be it an engine or the format itself. */
public interface LogParquetContract {
    /** Who writes. */
    LogParquet writer();

    /** Who reads: another one than the writer, where there are two. */
    LogParquet reader();

    @Test
    default void every_value_of_a_log_comes_back(@TempDir Path folder) {
        List<Field> schema = List.of(
                Field.of("flag", Primitive.BOOLEAN),
                Field.of("byte", Primitive.BYTE),
                Field.of("short", Primitive.SHORT),
                Field.of("int", Primitive.INTEGER),
                Field.of("long", Primitive.LONG),
                Field.of("float", Primitive.FLOAT),
                Field.of("double", Primitive.DOUBLE),
                Field.of("small", new DataType.Decimal(9, 2)),
                Field.of("large", new DataType.Decimal(38, 10)),
                Field.of("text", Primitive.STRING),
                Field.of("date", Primitive.DATE),
                Field.of("ts", Primitive.TIMESTAMP),
                Field.of("ntz", Primitive.TIMESTAMP_NTZ));
        List<@Nullable Object[]> rows = List.of(
                new @Nullable Object[] {
                    true,
                    (byte) -1,
                    (short) 300,
                    -5,
                    Long.MIN_VALUE,
                    1.5f,
                    -0.0,
                    new BigDecimal("-1.10"),
                    new BigDecimal("1234567890123456789012345678.0123456789"),
                    "a 'b' \"c\" %20 ü \uD83D\uDE00",
                    LocalDate.parse("0001-01-01"),
                    Instant.parse("1582-10-14T23:59:59.999999Z"),
                    LocalDateTime.parse("9999-12-31T23:59:59.999999")
                },
                new @Nullable Object[13]);

        // A row that has nothing to tell is not told.
        assertSame(through(folder.resolve("a b%20'c.parquet"), schema, rows.iterator()), rows.subList(0, 1));
    }

    @Test
    default void nested_values_keep_their_nulls(@TempDir Path folder) {
        Field add = Field.of(
                "add",
                new DataType.Struct(List.of(
                        Field.of("path", Primitive.STRING),
                        Field.of("tags", new DataType.Mapping(Primitive.STRING, Primitive.STRING, true)),
                        Field.of("dv", new DataType.Struct(List.of(Field.of("offset", Primitive.INTEGER)))))));
        Field names = Field.of("names", new DataType.Array(Primitive.STRING, true));
        Map<String, @Nullable String> tags = new LinkedHashMap<>();
        tags.put("k", null);
        tags.put("", "v");
        List<@Nullable Object[]> rows = new ArrayList<>();
        rows.add(new @Nullable Object[] {
            new @Nullable Object[] {"p", tags, new @Nullable Object[] {7}}, Arrays.asList("x", null)
        });
        rows.add(new @Nullable Object[] {
            new @Nullable Object[] {"q", Map.of(), new @Nullable Object[] {null}}, List.of()
        });
        rows.add(new @Nullable Object[] {new @Nullable Object[] {null, null, null}, null});
        rows.add(new @Nullable Object[] {null, null});

        assertSame(through(folder.resolve("nested.parquet"), List.of(add, names), rows.iterator()), rows.subList(0, 3));
    }

    @Test
    default void many_rows_keep_their_order(@TempDir Path folder) {
        List<Field> schema = List.of(Field.of("n", Primitive.LONG));
        Iterator<@Nullable Object[]> numbers = LongStream.range(0, 20_000)
                .<@Nullable Object[]>mapToObj(n -> new @Nullable Object[] {n})
                .iterator();

        List<@Nullable Object[]> read = through(folder.resolve("many.parquet"), schema, numbers);

        assertThat(read).hasSize(20_000);
        for (int i = 0; i < read.size(); i++) {
            assertThat(read.get(i)[0]).isEqualTo((long) i);
        }
    }

    @Test
    default void what_the_rows_throw_and_a_folder_that_is_not_there_are_told(@TempDir Path folder) {
        List<Field> schema = List.of(Field.of("n", Primitive.LONG));
        Iterator<@Nullable Object[]> broken = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public @Nullable Object[] next() {
                throw new IllegalStateException("no more");
            }
        };
        assertThatThrownBy(() -> writer().write(folder.resolve("broken.parquet"), schema, broken))
                .hasStackTraceContaining("no more");
        assertThatThrownBy(() -> writer().write(
                                folder.resolve("gone").resolve("x.parquet"),
                                schema,
                                List.<@Nullable Object[]>of(new @Nullable Object[] {1L})
                                        .iterator()))
                .isInstanceOf(LakeException.class);
    }

    private List<@Nullable Object[]> through(Path file, List<Field> schema, Iterator<@Nullable Object[]> rows) {
        writer().write(file, schema, rows);
        List<@Nullable Object[]> read = new ArrayList<>();
        try (LogParquet.RowIterator found = reader().read(file, schema)) {
            found.forEachRemaining(read::add);
        }
        return read;
    }

    private static void assertSame(List<@Nullable Object[]> read, List<@Nullable Object[]> rows) {
        Object[] wanted = rows.toArray();
        Object[] found = read.toArray();
        assertThat(Arrays.deepEquals(found, wanted))
                .as("read %s instead of %s", Arrays.deepToString(found), Arrays.deepToString(wanted))
                .isTrue();
    }
}
