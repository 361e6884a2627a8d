package io.lakeops.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.ingest.SourceDecoder.Staged;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.function.Consumer;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class XlsxDecoderTest {
    private static final String HEADER = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>a</t></is></c></row>";

    private final XlsxDecoder decoder = new XlsxDecoder();

    @TempDir
    Path folder;

    @Test
    void cells_become_texts_that_a_load_can_type() throws Exception {
        Path file = write("rates.xlsx", sheet -> {
            row(sheet, 0, "date", "currency", "rate to aud", "ok", "at");
            sheet.value(1, 0, LocalDate.of(2024, 4, 1));
            sheet.style(1, 0).format("yyyy-mm-dd").set();
            sheet.value(1, 1, "USD");
            sheet.value(1, 2, new BigDecimal("1.53120000"));
            sheet.value(1, 3, true);
            sheet.value(1, 4, LocalDateTime.of(2024, 4, 1, 13, 45, 30, 250_000_000));
            sheet.style(1, 4).format("d/m/yy h:mm AM/PM").set();
            sheet.value(2, 0, LocalDate.of(1900, 2, 28));
            sheet.style(2, 0).format("[$-409]dd mmm yyyy;@").set();
            sheet.value(2, 1, "Grüße, \"quoted\"");
            sheet.value(2, 2, 0.1);
            sheet.value(2, 3, false);
        });

        Staged staged = decoder.decode(file, folder.resolve("staged.parquet"));

        assertThat(staged.rows()).isEqualTo(2);
        assertThat(staged.schema().fields())
                .extracting(Field::name)
                .containsExactly("date", "currency", "rate to aud", "ok", "at");
        assertThat(staged.schema().fields())
                .allSatisfy(field -> assertThat(field.type()).isEqualTo(DataType.Primitive.STRING));
        assertThat(Duck.read(staged.parquet(), "*"))
                .containsExactly(
                        "2024-04-01|USD|1.5312|true|2024-04-01T13:45:30.25",
                        "1900-02-28|Grüße, \"quoted\"|0.1|false|null");
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "0.1, 0.1",
        "1.1000000000000001, 1.1",
        "0.30000000000000004, 0.30000000000000004",
        "1E-7, 0.0000001",
        "1.5E+10, 15000000000",
        "2.5E22, 25000000000000000000000",
        "9007199254740993, 9007199254740993",
        "-0, 0",
        "100, 100",
        "3.1400000000000001, 3.14",
        "0, 0"
    })
    void a_number_has_no_exponent_and_no_binary_noise(String stored, String text) throws Exception {
        Path file = RawXlsx.write(
                folder.resolve("n.xlsx"), "", HEADER + "<row r=\"2\"><c r=\"A2\"><v>" + stored + "</v></c></row>");

        assertThat(Duck.read(
                        decoder.decode(file, folder.resolve("staged.parquet")).parquet(), "*"))
                .containsExactly(text);
    }

    @ParameterizedTest(name = "{0} {1} is {3}")
    @CsvSource({
        "'', 45383, 1, 2024-04-01",
        "'', 45383.5, 1, 2024-04-01T12:00:00",
        "'', 1, 1, 1900-01-01",
        "'', 60, 1, 1900-02-29",
        "'', 61, 1, 1900-03-01",
        "date1904=\"1\", 0, 1, 1904-01-01",
        "date1904=\"1\", 43921, 1, 2024-04-01",
        "date1904=\"true\", 43921, 1, 2024-04-01",
        "date1904=\"0\", 45383, 1, 2024-04-01",
        "'', 2.0625, 2, 49:30:00",
        "'', 45383, 0, 45383"
    })
    void a_day_is_known_by_its_style_and_counted_as_the_workbook_counts(
            String properties, String stored, int style, String text) throws Exception {
        Path file = RawXlsx.write(
                folder.resolve("d.xlsx"),
                properties,
                HEADER + "<row r=\"2\"><c r=\"A2\" s=\"" + style + "\"><v>" + stored + "</v></c></row>");

        assertThat(Duck.read(
                        decoder.decode(file, folder.resolve("staged.parquet")).parquet(), "*"))
                .containsExactly(text);
    }

    @Test
    void formulas_show_their_stored_results_and_errors_are_marked() throws Exception {
        Path file = RawXlsx.write(
                folder.resolve("f.xlsx"),
                "",
                HEADER
                        + "<row r=\"2\"><c r=\"A2\"><f>1+1</f><v>2</v></c></row>"
                        + "<row r=\"3\"><c r=\"A3\" t=\"str\"><f>\"a\"&amp;\"b\"</f><v>ab</v></c></row>"
                        + "<row r=\"4\"><c r=\"A4\" t=\"b\"><f>TRUE()</f><v>1</v></c></row>"
                        + "<row r=\"5\"><c r=\"A5\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c></row>"
                        + "<row r=\"6\"><c r=\"A6\" t=\"e\"><v>#N/A</v></c></row>"
                        + "<row r=\"7\"><c r=\"A7\"><f>NOW()</f></c></row>"
                        + "<row r=\"8\"><c r=\"A8\" s=\"1\"><f>DATE(2024,4,1)</f><v>45383</v></c></row>"
                        + "<row r=\"9\"><c r=\"A9\"><v>12x</v></c></row>");

        assertThat(Duck.read(
                        decoder.decode(file, folder.resolve("staged.parquet")).parquet(), "*"))
                .containsExactly("2", "ab", "true", "#DIV/0!", "#N/A", XlsxText.NOT_CALCULATED, "2024-04-01", "12x");
    }

    @Test
    void short_rows_end_in_nulls_and_blank_rows_are_none() throws Exception {
        Path file = write("ragged.xlsx", sheet -> {
            row(sheet, 2, "a", "b", "c");
            row(sheet, 3, "1");
            row(sheet, 5, "2", "3", "4");
            sheet.value(6, 1, "5");
            sheet.value(7, 0, "");
        });

        Staged staged = decoder.decode(file, folder.resolve("staged.parquet"));

        assertThat(Duck.read(staged.parquet(), "*")).containsExactly("1|null|null", "2|3|4", "null|5|null");
        assertThat(staged.rows()).isEqualTo(3);
    }

    @Test
    void a_value_without_a_header_is_not_dropped() throws Exception {
        refused(
                write("long.xlsx", sheet -> {
                    row(sheet, 0, "a", "b");
                    row(sheet, 1, "1", "2", "3");
                }),
                ErrorCode.SOURCE_COLUMNS);
        refused(
                write("gap.xlsx", sheet -> {
                    sheet.value(0, 0, "a");
                    sheet.value(0, 2, "c");
                }),
                ErrorCode.SOURCE_COLUMNS);
        refused(write("twice.xlsx", sheet -> row(sheet, 0, "a", "A")), ErrorCode.SOURCE_COLUMNS);
    }

    @Test
    void a_named_sheet_is_read_and_a_missing_one_is_an_error() throws Exception {
        Path file = folder.resolve("two.xlsx");
        try (OutputStream out = Files.newOutputStream(file);
                Workbook workbook = new Workbook(out, "LakeOps", "1.0")) {
            row(workbook.newWorksheet("notes"), 0, "x");
            Worksheet rates = workbook.newWorksheet("rates");
            row(rates, 0, "y");
            row(rates, 1, "1");
        }

        assertThat(new XlsxDecoder("rates")
                        .decode(file, folder.resolve("named.parquet"))
                        .rows())
                .isEqualTo(1);
        assertThat(decoder.decode(file, folder.resolve("first.parquet"))
                        .schema()
                        .names())
                .containsExactly("x");
        assertThatThrownBy(() -> new XlsxDecoder("none").decode(file, folder.resolve("none.parquet")))
                .isInstanceOfSatisfying(LakeException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
                    assertThat(e.problem()).contains("notes", "rates");
                });
    }

    @ParameterizedTest(name = "cut after {0} hundredths")
    @ValueSource(ints = {1, 30, 60, 99})
    void a_truncated_workbook_leaves_nothing(int hundredths) throws Exception {
        byte[] bytes = Files.readAllBytes(write("whole.xlsx", sheet -> {
            row(sheet, 0, "a");
            for (int i = 1; i < 500; i++) {
                sheet.value(i, 0, i);
            }
        }));
        Path cut = folder.resolve("cut.xlsx");
        Files.write(cut, Arrays.copyOf(bytes, bytes.length * hundredths / 100));

        refused(cut, ErrorCode.SOURCE_UNREADABLE);
    }

    @Test
    void what_is_no_workbook_is_refused_by_its_kind() throws Exception {
        refused(Files.createFile(folder.resolve("empty.xlsx")), ErrorCode.SOURCE_EMPTY);
        refused(Files.writeString(folder.resolve("text.xlsx"), "date,currency\n"), ErrorCode.SOURCE_UNREADABLE);
        refused(
                Files.write(folder.resolve("old.xlsx"), new byte[] {
                    (byte) 0xd0, (byte) 0xcf, 0x11, (byte) 0xe0, (byte) 0xa1, (byte) 0xb1, 0x1a, (byte) 0xe1
                }),
                ErrorCode.SOURCE_UNREADABLE);
        refused(folder.resolve("absent.xlsx"), ErrorCode.SOURCE_NOT_FOUND);
        refused(write("blank.xlsx", sheet -> sheet.value(0, 0, "")), ErrorCode.SOURCE_EMPTY);
        refused(
                RawXlsx.write(folder.resolve("broken.xlsx"), "", HEADER + "<row r=\"2\"><c r=\"A2\"><v>1</c></row>"),
                ErrorCode.SOURCE_UNREADABLE);
    }

    @Test
    void a_zip_bomb_is_refused_before_it_is_unpacked() throws Exception {
        Path bomb =
                RawXlsx.write(folder.resolve("bomb.xlsx"), "", HEADER + "<row><c><v>1</v></c></row>".repeat(1_500_000));
        assertThat(Files.size(bomb)).isLessThan(200_000);

        refused(bomb, ErrorCode.SOURCE_UNREADABLE);
    }

    @Test
    void many_rows_stream_through() throws Exception {
        Path file = write("many.xlsx", sheet -> {
            row(sheet, 0, "n", "text");
            for (int i = 1; i <= 50_000; i++) {
                sheet.value(i, 0, i);
                sheet.value(i, 1, "text " + i % 1_000);
            }
        });

        Staged staged = decoder.decode(file, folder.resolve("staged.parquet"));

        assertThat(Duck.read(staged.parquet(), "count(*), sum(n::BIGINT), count(DISTINCT text)"))
                .containsExactly("50000|1250025000|1000");
    }

    private void refused(Path file, ErrorCode code) {
        Path target = folder.resolve("refused.parquet");
        assertThatThrownBy(() -> decoder.decode(file, target))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(code));
        assertThat(target).doesNotExist();
    }

    private Path write(String name, Consumer<Worksheet> cells) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                Workbook workbook = new Workbook(out, "LakeOps", "1.0")) {
            cells.accept(workbook.newWorksheet("Sheet 1"));
        }
        return file;
    }

    private static void row(Worksheet sheet, int row, String... texts) {
        for (int i = 0; i < texts.length; i++) {
            sheet.value(row, i, texts[i]);
        }
    }
}
