package io.lakeops.ingest;

import io.lakeops.engine.LoadRequest.RawFormat;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** The header line of a delimited file. */
final class Header {
    private static final int LONGEST = 1 << 20;

    private Header() {}

    /**
     * The column names, in the order of the file.
     *
     * <p>Errors: SOURCE_EMPTY, SOURCE_ENCODING, SOURCE_COLUMNS for a name that is empty or stands twice,
     * SOURCE_UNREADABLE for a first line beyond 1 MiB or a broken gzip.
     */
    static List<String> read(Path file, String name, RawFormat.Csv csv) {
        String line = firstLine(file, name, csv);
        List<String> columns = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == csv.quote()) {
                if (quoted && i + 1 < line.length() && line.charAt(i + 1) == csv.quote()) {
                    cell.append(c);
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (c == csv.delimiter() && !quoted) {
                columns.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        columns.add(cell.toString());
        for (int i = 0; i < columns.size(); i++) {
            String column = columns.get(i);
            boolean twice = columns.subList(0, i).stream().anyMatch(column::equalsIgnoreCase);
            if (column.isBlank() || twice) {
                throw new LakeException(
                        ErrorCode.SOURCE_COLUMNS,
                        twice ? "the header names a column twice" : "the header has a column without a name",
                        Map.of("file", name, "columns", columns));
            }
        }
        return columns;
    }

    private static String firstLine(Path file, String name, RawFormat.Csv csv) {
        try (InputStream in = open(file)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            boolean quoted = false;
            int next = in.read();
            if (next < 0) {
                throw new LakeException(ErrorCode.SOURCE_EMPTY, "the raw file has no bytes", Map.of("file", name));
            }
            while (next >= 0 && (quoted || (next != '\n' && next != '\r'))) {
                if (next == csv.quote()) {
                    quoted = !quoted;
                }
                line.write(next);
                if (line.size() > LONGEST) {
                    throw new LakeException(
                            ErrorCode.SOURCE_UNREADABLE, "the header line has no end", Map.of("file", name));
                }
                next = in.read();
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new LakeException(ErrorCode.SOURCE_ENCODING, "the header line is not UTF-8", Map.of("file", name), e);
        } catch (ZipException | java.io.EOFException e) {
            throw new LakeException(
                    ErrorCode.SOURCE_UNREADABLE, "the raw file is not a whole gzip file", Map.of("file", name), e);
        } catch (IOException e) {
            throw StorageErrors.of("can't read the raw file", file, e);
        }
    }

    private static InputStream open(Path file) throws IOException {
        PushbackInputStream in = new PushbackInputStream(Files.newInputStream(file), 1 << 13);
        return file.toString().endsWith(".gz") ? new GZIPInputStream(in) : new java.io.BufferedInputStream(in);
    }
}
