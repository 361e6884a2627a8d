package io.lakeops.duckdb.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lakeops.engine.LoadRequest.RawFormat.Csv;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvReaderTest {
    @TempDir
    Path dir;

    private List<String> read(String text, String... columns) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8), Csv.standard(), columns);
    }

    /** One text a record: its line, then its values, or its fault's code and raw text. */
    private List<String> read(byte[] bytes, Csv format, String... columns) throws IOException {
        Path file = Files.write(dir.resolve("in.csv"), bytes);
        List<String> records = new ArrayList<>();
        try (CsvReader reader = CsvReader.open(file, format, List.of(columns))) {
            while (reader.next()) {
                String fault = reader.fault();
                if (fault != null) {
                    records.add(reader.line() + " !" + fault.substring(0, fault.indexOf(':')) + " " + reader.raw());
                    continue;
                }
                List<@Nullable String> values = new ArrayList<>();
                for (int i = 0; i < columns.length; i++) {
                    byte[] value = reader.value(i);
                    values.add(value == null ? null : new String(value, StandardCharsets.UTF_8));
                }
                records.add(reader.line() + " " + values);
            }
        }
        return records;
    }

    private ErrorCode failure(byte[] bytes, String... columns) {
        return catchThrowableOfType(LakeException.class, () -> read(bytes, Csv.standard(), columns))
                .code();
    }

    @Test
    void fields_are_taken_by_name_whatever_their_order_and_case() throws IOException {
        assertThat(read("B,a\n1,2\n3,4\n", "a", "b")).containsExactly("2 [2, 1]", "3 [4, 3]");
    }

    @Test
    void an_empty_field_is_null_and_an_empty_text_in_quotes_is_not() throws IOException {
        assertThat(read("a,b\n,\"\"\n", "a", "b")).containsExactly("2 [null, ]");
        assertThat(read(
                        "a,b\nNA,\"NA\"\n".getBytes(StandardCharsets.UTF_8),
                        new Csv(',', '"', Optional.of("NA")),
                        "a",
                        "b"))
                .containsExactly("2 [null, NA]");
    }

    @Test
    void quotes_delimiters_and_line_ends_stand_within_quotes_and_lines_are_still_counted() throws IOException {
        assertThat(read("a,b\n\"x\n\ny\",\"say \"\"hi\"\", ok\"\n5,6\n", "a", "b"))
                .containsExactly("2 [x\n\ny, say \"hi\", ok]", "5 [5, 6]");
    }

    @Test
    void carriage_returns_a_byte_order_mark_blank_lines_and_no_last_line_end_are_fine() throws IOException {
        assertThat(read("\uFEFFa,b\r\n1,\"2\"\r\n\r\n\n3,4", "a", "b")).containsExactly("2 [1, 2]", "5 [3, 4]");
        assertThat(read("a,b\r\n1,2\r\n\r\n", "a", "b")).containsExactly("2 [1, 2]");
        assertThat(read("a,b\n", "a", "b")).isEmpty();
        assertThat(read("a,b", "a", "b")).isEmpty();
    }

    @Test
    void a_ragged_record_is_rejected_and_the_next_is_read() throws IOException {
        assertThat(read("a,b\n1\n1,2,3\n\"x\ny\"\n4,5\n", "a", "b"))
                .containsExactly(
                        "2 !TOO_FEW_FIELDS 1", "3 !TOO_MANY_FIELDS 1,2,3", "4 !TOO_FEW_FIELDS \"x\ny\"", "6 [4, 5]");
    }

    @Test
    void a_stray_quote_costs_its_own_line_only() throws IOException {
        assertThat(read("a,b\n1,\"2\n3,\"4\"\n5,6\n", "a", "b"))
                .containsExactly("2 !BAD_QUOTES 1,\"2", "3 [3, 4]", "4 [5, 6]");
        assertThat(read("a,b\n1,\"2\r\n3,4\r\n", "a", "b")).containsExactly("2 !UNTERMINATED_QUOTE 1,\"2", "3 [3, 4]");
        assertThat(read("a,b\n\"1\"x,2\n5,6\n", "a", "b")).containsExactly("2 !BAD_QUOTES \"1\"x,2", "3 [5, 6]");
        assertThat(read("a,b\n5\",6\n", "a", "b")).containsExactly("2 [5\", 6]");
    }

    @Test
    void a_line_of_ten_megabytes_is_rejected_and_the_next_is_read() throws IOException {
        String tenMegabytes = "x".repeat(10 << 20);
        List<String> records = read("a,b\n1," + tenMegabytes + "\n3,4\n", "a", "b");
        assertThat(records).hasSize(2);
        assertThat(records.get(0)).startsWith("2 !ROW_TOO_LONG 1,xxx").hasSizeLessThan(70_000);
        assertThat(records.get(1)).isEqualTo("3 [3, 4]");
        assertThat(read("a,b\n1,\"" + "x\n".repeat(5 << 20), "a", "b").subList(0, 2))
                .containsExactly("2 !UNTERMINATED_QUOTE 1,\"x", "3 !TOO_FEW_FIELDS x");
    }

    @Test
    void a_header_that_is_not_the_sources_is_named() {
        LakeException failure =
                catchThrowableOfType(LakeException.class, () -> read("a,zz,c,C\n1,2,3,4\n", "a", "b", "c"));
        assertThat(failure.code()).isEqualTo(ErrorCode.SOURCE_COLUMNS);
        assertThat(failure).hasMessageContaining("missing=[b]").hasMessageContaining("unknown=[zz]");
        assertThat(failure).hasMessageContaining("twice=[c, C]");
    }

    @Test
    void an_empty_file_and_one_that_is_missing_are_told_apart() {
        assertThat(failure(new byte[0], "a")).isEqualTo(ErrorCode.SOURCE_EMPTY);
        assertThat(failure("\uFEFF\n\n".getBytes(StandardCharsets.UTF_8), "a")).isEqualTo(ErrorCode.SOURCE_EMPTY);
        assertThat(catchThrowableOfType(
                                LakeException.class,
                                () -> CsvReader.open(dir.resolve("none.csv"), Csv.standard(), List.of("a")))
                        .code())
                .isEqualTo(ErrorCode.SOURCE_NOT_FOUND);
    }

    @Test
    void what_is_not_utf8_is_named_by_byte_and_line() {
        byte[] latin1 = "a\nM\u00fcller\nx\n".getBytes(StandardCharsets.ISO_8859_1);
        LakeException failure = catchThrowableOfType(LakeException.class, () -> read(latin1, Csv.standard(), "a"));
        assertThat(failure.code()).isEqualTo(ErrorCode.SOURCE_ENCODING);
        assertThat(failure).hasMessageContaining("byte=3").hasMessageContaining("line=2");
        assertThat(failure("a\n1\n".getBytes(StandardCharsets.UTF_16), "a")).isEqualTo(ErrorCode.SOURCE_ENCODING);
        byte[] cut = Arrays.copyOf("a\n€".getBytes(StandardCharsets.UTF_8), 4);
        assertThat(failure(cut, "a")).isEqualTo(ErrorCode.SOURCE_ENCODING);
        byte[] surrogate = {'a', '\n', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '\n'};
        assertThat(failure(surrogate, "a")).isEqualTo(ErrorCode.SOURCE_ENCODING);
    }

    @Test
    void gzip_is_read_and_a_truncated_one_is_refused() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write("a,b\n1,2\n".repeat(1000).getBytes(StandardCharsets.UTF_8));
        }
        assertThat(read(zipped.toByteArray(), Csv.standard(), "a", "b")).hasSize(1999);
        byte[] half = Arrays.copyOf(zipped.toByteArray(), zipped.size() / 2);
        assertThat(failure(half, "a", "b")).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
        Path named = Files.writeString(dir.resolve("in.csv.gz"), "a,b\n1,2\n");
        assertThat(catchThrowableOfType(
                                LakeException.class, () -> CsvReader.open(named, Csv.standard(), List.of("a", "b")))
                        .code())
                .isEqualTo(ErrorCode.SOURCE_UNREADABLE);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void what_is_written_by_the_rules_is_read_back(long seed) throws IOException {
        Random random = new Random(seed);
        String[] parts = {"a", ",", "\"", "\n", "\r\n", "ü", "😀", " ", "", "x".repeat(70_000)};
        StringBuilder text = new StringBuilder("a,b,c\n");
        List<String> expected = new ArrayList<>();
        int line = 2;
        for (int i = 0; i < 500; i++) {
            List<@Nullable String> values = new ArrayList<>();
            StringBuilder record = new StringBuilder();
            for (int c = 0; c < 3; c++) {
                StringBuilder value = new StringBuilder();
                for (int k = random.nextInt(4); k > 0; k--) {
                    value.append(parts[random.nextInt(random.nextInt(20) == 0 ? 10 : 9)]);
                }
                boolean isNull = random.nextInt(5) == 0;
                values.add(isNull ? null : value.toString());
                record.append(c == 0 ? "" : ",")
                        .append(isNull ? "" : "\"" + value.toString().replace("\"", "\"\"") + "\"");
            }
            expected.add(line + " " + values);
            text.append(record).append(random.nextBoolean() ? "\n" : "\r\n");
            line += 1 + (int) record.chars().filter(ch -> ch == '\n').count();
        }
        assertThat(read(text.toString(), "a", "b", "c")).isEqualTo(expected);
    }
}
