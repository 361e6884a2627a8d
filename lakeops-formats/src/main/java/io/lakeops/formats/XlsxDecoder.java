package io.lakeops.formats;

import com.google.auto.service.AutoService;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.ingest.SourceDecoder;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellAddress;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.ReadingOptions;
import org.dhatim.fastexcel.reader.Row;
import org.dhatim.fastexcel.reader.Sheet;
import org.jspecify.annotations.Nullable;

/**
 * Sheets of XLSX workbooks ({@code .xlsx}), staged as text columns.
 *
 * <p>Shape: the first row that is not blank names the columns; each row after it that is not blank is a row; a row may end
 * early (nulls). Numbers are plain, days and times ISO by the cell's format, formulas by their stored results, errors by
 * Excel's word ({@code #DIV/0!}), which a load rejects in every column that is not text.
 *
 * <p>Errors: SOURCE_NOT_FOUND; SOURCE_EMPTY for no bytes or no header; SOURCE_UNREADABLE for a file that is truncated, no
 * XLSX, encrypted, a zip bomb, or without the named sheet; SOURCE_COLUMNS for a header that repeats a name, and for a value
 * in a column that has no header: it is not dropped.
 *
 * <p>Threads: safe.
 */
@AutoService(SourceDecoder.class)
public final class XlsxDecoder implements SourceDecoder {
    private final Optional<String> sheetName;

    /** A decoder of the first sheet. */
    public XlsxDecoder() {
        this.sheetName = Optional.empty();
    }

    /** A decoder of the sheet of that name. */
    public XlsxDecoder(String sheetName) {
        this.sheetName = Optional.of(sheetName);
    }

    @Override
    public String name() {
        return "xlsx";
    }

    @Override
    public boolean reads(Path file) {
        return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(".xlsx");
    }

    @Override
    public Staged decode(Path file, Path target) {
        try {
            XlsxText text = new XlsxText(XlsxParts.look(file).dates1904());
            // With formats, and with a cell in error where its number can't be parsed, so that one cell fails no file.
            try (ReadableWorkbook workbook = new ReadableWorkbook(file.toFile(), new ReadingOptions(true, true));
                    Stream<Row> rows = sheet(workbook, file).openStream()) {
                return stage(new Rows(rows.iterator(), text, file), target);
            }
        } catch (NoSuchFileException e) {
            throw new LakeException(ErrorCode.SOURCE_NOT_FOUND, "there is no such raw file", Map.of("file", file), e);
        } catch (LakeException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The reader answers damaged XML with any of the JDK's exceptions.
            throw unreadable(file, String.valueOf(e.getMessage()), e);
        }
    }

    private Sheet sheet(ReadableWorkbook workbook, Path file) {
        List<Sheet> sheets = workbook.getSheets().toList();
        return sheets.stream()
                .filter(s -> sheetName.isEmpty() || sheetName.get().equals(s.getName()))
                .findFirst()
                .orElseThrow(() -> unreadable(
                        file,
                        "it has no sheet " + sheetName.orElse("at all") + "; it has "
                                + sheets.stream().map(Sheet::getName).toList(),
                        null));
    }

    private static Staged stage(Rows rows, Path target) {
        List<String> header = rows.header();
        try (ParquetTarget<@Nullable String[]> parquet = TextParquet.open(header, target)) {
            for (String[] row = rows.next(header.size()); row != null; row = rows.next(header.size())) {
                parquet.write(row);
            }
            parquet.finish();
            List<Field> fields = header.stream()
                    .map(column -> Field.of(column, DataType.Primitive.STRING))
                    .toList();
            return new Staged(target, new Schema(fields), parquet.rows());
        }
    }

    private static LakeException unreadable(Path file, String problem, @Nullable Throwable cause) {
        return new LakeException(
                ErrorCode.SOURCE_UNREADABLE,
                "not a readable XLSX file: " + problem,
                Map.of("file", file.getFileName()),
                cause);
    }

    /** The rows of a sheet that are not blank, as texts. */
    private record Rows(Iterator<Row> rows, XlsxText text, Path file) {
        List<String> header() {
            String[] names = next(-1);
            if (names == null) {
                throw new LakeException(
                        ErrorCode.SOURCE_EMPTY, "the sheet has no row", Map.of("file", file.getFileName()));
            }
            List<String> header = new ArrayList<>();
            Set<String> seen = new HashSet<>();
            for (@Nullable String name : names) {
                String column = name == null ? "" : name.strip();
                if (column.isEmpty() || !seen.add(column.toLowerCase(Locale.ROOT))) {
                    throw columns(
                            column.isEmpty() ? "a column has no header" : "the column '" + column + "' stands twice",
                            new CellAddress(0, header.size()));
                }
                header.add(column);
            }
            return header;
        }

        /** The next row, of so many columns, or as wide as it is for a negative number; null at the end. */
        @Nullable
        String @Nullable [] next(int columns) {
            while (rows.hasNext()) {
                Row row = rows.next();
                int width = 0;
                for (Cell cell : row) {
                    if (text.of(cell) != null) {
                        width = Objects.requireNonNull(cell).getColumnIndex() + 1;
                    }
                }
                if (width == 0) {
                    continue;
                }
                if (columns >= 0 && width > columns) {
                    throw columns(
                            "a value stands in a column without a header",
                            new CellAddress(row.getRowNum() - 1, width - 1));
                }
                @Nullable String[] texts = new String[columns < 0 ? width : columns];
                for (Cell cell : row) {
                    String value = text.of(cell);
                    if (value != null) {
                        texts[Objects.requireNonNull(cell).getColumnIndex()] = value;
                    }
                }
                return texts;
            }
            return null;
        }

        private LakeException columns(String problem, CellAddress cell) {
            return new LakeException(
                    ErrorCode.SOURCE_COLUMNS, problem, Map.of("file", file.getFileName(), "cell", cell.toString()));
        }
    }
}
