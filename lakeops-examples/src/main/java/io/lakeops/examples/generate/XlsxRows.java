package io.lakeops.examples.generate;

import io.lakeops.table.Schema;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/**
 * One sheet of a workbook with a header row. The library stamps the wall clock into it and packs it with Deflate, whose
 * bytes differ from one zlib to another: so it is packed again, stored, with one time for all.
 */
final class XlsxRows implements RowWriter {
    private static final LocalDateTime PACKED = LocalDateTime.of(2020, 1, 1, 0, 0);
    private final Path path;
    private final Path packed;
    private final Workbook workbook;
    private final Worksheet sheet;
    private int row;
    private int column;

    XlsxRows(Path path, String name, Schema schema) {
        this.path = path;
        this.packed = path.resolveSibling("." + path.getFileName() + ".packed");
        try {
            this.workbook = new Workbook(Files.newOutputStream(packed), "LakeOps", "1.0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.sheet = workbook.newWorksheet(name);
        schema.names().forEach(this::text);
        endRow();
    }

    @Override
    public void number(long value) {
        sheet.value(row, column++, value);
    }

    @Override
    public void decimal(long unscaled, int scale) {
        sheet.value(row, column++, BigDecimal.valueOf(unscaled, scale));
    }

    @Override
    public void text(String value) {
        sheet.value(row, column++, value);
    }

    @Override
    public void date(long epochDay) {
        sheet.value(row, column, LocalDate.ofEpochDay(epochDay));
        sheet.style(row, column++).format("yyyy-mm-dd").set();
    }

    @Override
    public void time(long epochSecond, int offsetMinutes) {
        sheet.value(row, column, LocalDateTime.ofEpochSecond(epochSecond, 0, java.time.ZoneOffset.UTC));
        sheet.style(row, column++).format("yyyy-mm-dd hh:mm:ss").set();
    }

    @Override
    public void flag(boolean value) {
        sheet.value(row, column++, value);
    }

    @Override
    public void missing() {
        column++;
    }

    @Override
    public void broken(String text) {
        text(text);
    }

    @Override
    public void endRow() {
        row++;
        column = 0;
    }

    @Override
    public void close() {
        try {
            workbook.close();
            Map<String, byte[]> entries = new TreeMap<>();
            try (ZipFile in = new ZipFile(packed.toFile())) {
                for (ZipEntry entry : Collections.list(in.entries())) {
                    byte[] content = in.getInputStream(entry).readAllBytes();
                    entries.put(entry.getName(), withoutClock(entry.getName(), content));
                }
            }
            Files.delete(packed);
            try (OutputStream file = Files.newOutputStream(path);
                    ZipOutputStream out = new ZipOutputStream(file)) {
                for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                    out.putNextEntry(stored(entry.getKey(), entry.getValue()));
                    out.write(entry.getValue());
                    out.closeEntry();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] withoutClock(String name, byte[] content) {
        if (!name.startsWith("docProps/")) {
            return content;
        }
        return new String(content, StandardCharsets.UTF_8)
                .replaceAll("(<dcterms:(created|modified)[^>]*>)[^<]*", "$1" + PACKED + ":00Z")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static ZipEntry stored(String name, byte[] content) {
        CRC32 sum = new CRC32();
        sum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(sum.getValue());
        entry.setTimeLocal(PACKED);
        return entry;
    }
}
