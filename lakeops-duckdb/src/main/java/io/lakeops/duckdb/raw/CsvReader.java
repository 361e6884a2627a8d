package io.lakeops.duckdb.raw;

import io.lakeops.engine.LoadRequest.RawFormat;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Delimited text by RFC 4180, with a header line: LF or CRLF, quotes doubled within quotes, line ends within quotes.
 *
 * <p>A record whose quotes can't be right is rejected by its first line alone, and reading goes on at the next line, so
 * that one stray quote costs one line. Lines without any character are passed over.
 */
public final class CsvReader implements RecordReader {
    private final Window window;
    private final int delimiter;
    private final int quote;
    private final byte @Nullable [] nullText;
    /** The field that holds each column of the source. */
    private final int[] fieldOf;

    private final int fieldCount;

    private int[] from = new int[16];
    private int[] to = new int[16];
    private boolean[] quoted = new boolean[16];
    private int fields;
    private long line;
    private @Nullable String fault;
    private String faultRaw = "";
    private int length;
    /** What of the window is passed at the next record. */
    private int passed;

    private int passedLines;

    private CsvReader(Path file, RawFormat.Csv format) {
        if (format.delimiter() >= 0x80 || format.quote() >= 0x80 || format.delimiter() == format.quote()) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "delimiter and quote must be two ASCII characters",
                    Map.of("delimiter", format.delimiter(), "quote", format.quote()));
        }
        this.window = new Window(file, LONGEST_RECORD);
        this.delimiter = format.delimiter();
        this.quote = format.quote();
        this.nullText =
                format.nullText().map(t -> t.getBytes(StandardCharsets.UTF_8)).orElse(null);
        this.fieldOf = new int[0];
        this.fieldCount = -1;
    }

    private CsvReader(CsvReader header, int[] fieldOf) {
        this.window = header.window;
        this.delimiter = header.delimiter;
        this.quote = header.quote;
        this.nullText = header.nullText;
        this.fieldOf = fieldOf;
        this.fieldCount = header.fields;
        this.passed = header.passed;
        this.passedLines = header.passedLines;
    }

    /**
     * Opens a file and reads its header.
     *
     * <p>Errors: SOURCE_EMPTY; SOURCE_COLUMNS where the header lacks a column of the source, has one more, or one twice.
     */
    public static CsvReader open(Path file, RawFormat.Csv format, List<String> columns) {
        CsvReader header = new CsvReader(file, format);
        try {
            if (!header.next()) {
                throw new LakeException(ErrorCode.SOURCE_EMPTY, "the raw file is empty", Map.of("file", file));
            }
            return new CsvReader(header, header.match(file, columns));
        } catch (RuntimeException e) {
            try {
                header.close();
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private int[] match(Path file, List<String> columns) {
        if (fault != null) {
            throw new LakeException(
                    ErrorCode.SOURCE_COLUMNS, "the header line can't be read: " + fault, Map.of("file", file));
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < fields; i++) {
            names.add(new String(text(i), StandardCharsets.UTF_8));
        }
        List<String> lower = names.stream().map(n -> n.toLowerCase(Locale.ROOT)).toList();
        Set<String> wanted = new HashSet<>();
        int[] positions = new int[columns.size()];
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < positions.length; i++) {
            String name = columns.get(i).toLowerCase(Locale.ROOT);
            wanted.add(name);
            positions[i] = lower.indexOf(name);
            if (positions[i] < 0) {
                missing.add(columns.get(i));
            }
        }
        List<String> unknown = names.stream()
                .filter(n -> !wanted.contains(n.toLowerCase(Locale.ROOT)))
                .toList();
        List<String> twice = names.stream()
                .filter(n -> lower.indexOf(n.toLowerCase(Locale.ROOT)) != lower.lastIndexOf(n.toLowerCase(Locale.ROOT)))
                .distinct()
                .toList();
        if (!missing.isEmpty() || !unknown.isEmpty() || !twice.isEmpty()) {
            throw new LakeException(
                    ErrorCode.SOURCE_COLUMNS,
                    "the header is not that of the source",
                    Map.of("file", file, "missing", missing, "unknown", unknown, "twice", twice));
        }
        return positions;
    }

    @Override
    public boolean next() {
        window.advance(passed, passedLines);
        passed = 0;
        passedLines = 0;
        fault = null;
        while (window.at(0) != Window.END) {
            line = window.line();
            int blank = blankLine();
            if (blank > 0) {
                window.advance(blank, 1);
                continue;
            }
            parse();
            return true;
        }
        return false;
    }

    /** How many bytes a line without characters has, its end included. */
    private int blankLine() {
        int first = window.at(0);
        if (first == '\n') {
            return 1;
        }
        return first == '\r' && (window.at(1) == '\n' || window.at(1) == Window.END)
                ? (window.at(1) == '\n' ? 2 : 1)
                : 0;
    }

    private void parse() {
        fields = 0;
        int lines = 0;
        int i = 0;
        while (true) {
            int b = window.at(i);
            if (b == quote) {
                int begin = i + 1;
                i = begin;
                while (true) {
                    b = window.at(i);
                    if (b < 0) {
                        unclosed(b, lines);
                        return;
                    }
                    if (b == quote) {
                        if (window.at(i + 1) != quote) {
                            break;
                        }
                        i += 2;
                    } else {
                        lines += b == '\n' ? 1 : 0;
                        i++;
                    }
                }
                field(begin, i, true);
                i++;
                b = window.at(i);
                if (b == '\r' && (window.at(i + 1) == '\n' || window.at(i + 1) == Window.END)) {
                    i++;
                    b = window.at(i);
                    finish(i - 1, i, b, lines);
                    return;
                }
            } else {
                int begin = i;
                while (b >= 0 && b != delimiter && b != '\n') {
                    i++;
                    b = window.at(i);
                }
                boolean carriage = b != delimiter && i > begin && window.at(i - 1) == '\r';
                field(begin, carriage ? i - 1 : i, false);
            }
            if (b == Window.TOO_LONG) {
                unclosed(b, lines);
                return;
            }
            if (b == '\n' || b == Window.END) {
                boolean carriage = i > 0 && window.at(i - 1) == '\r' && !quoted[fields - 1];
                finish(carriage ? i - 1 : i, i, b, lines);
                return;
            }
            if (b != delimiter) {
                firstLineOnly("BAD_QUOTES: something follows a closing quote");
                return;
            }
            i++;
        }
    }

    private void field(int begin, int end, boolean inQuotes) {
        if (fields == from.length) {
            from = Arrays.copyOf(from, 2 * fields);
            to = Arrays.copyOf(to, 2 * fields);
            quoted = Arrays.copyOf(quoted, 2 * fields);
        }
        from[fields] = begin;
        to[fields] = end;
        quoted[fields] = inQuotes;
        fields++;
    }

    private void finish(int end, int at, int last, int lines) {
        length = end;
        passed = last == '\n' ? at + 1 : at;
        passedLines = lines + 1;
        if (fieldCount >= 0 && fields != fieldCount) {
            fault = (fields < fieldCount ? "TOO_FEW_FIELDS: " : "TOO_MANY_FIELDS: ") + fields + " instead of "
                    + fieldCount;
            faultRaw = RecordReader.text(window.buffer(), window.position(0), window.position(length));
        }
    }

    /** The record has no end: the file's end, or more bytes than are allowed, came first. */
    private void unclosed(int why, int lines) {
        if (why == Window.TOO_LONG && lines == 0) {
            fault = "ROW_TOO_LONG: more than " + LONGEST_RECORD + " bytes";
            faultRaw = RecordReader.text(window.buffer(), window.position(0), window.position(LONGEST_RAW));
            window.skipLine();
            passed = 0;
            passedLines = 0;
            return;
        }
        firstLineOnly("UNTERMINATED_QUOTE: a quote is opened and not closed");
    }

    private void firstLineOnly(String why) {
        fault = why;
        int end = 0;
        int b = window.at(0);
        while (b >= 0 && b != '\n') {
            end++;
            b = window.at(end);
        }
        int carriage = end > 0 && window.at(end - 1) == '\r' ? 1 : 0;
        faultRaw = RecordReader.text(window.buffer(), window.position(0), window.position(end - carriage));
        passed = b == '\n' ? end + 1 : end;
        passedLines = 1;
    }

    @Override
    public long line() {
        return line;
    }

    @Override
    public @Nullable String fault() {
        return fault;
    }

    @Override
    public byte @Nullable [] value(int column) {
        int field = fieldOf[column];
        if (!quoted[field]
                && (from[field] == to[field]
                        || (nullText != null && Arrays.equals(nullText, window.copy(from[field], to[field]))))) {
            return null;
        }
        return text(field);
    }

    private byte[] text(int field) {
        byte[] bytes = window.copy(from[field], to[field]);
        if (!quoted[field]) {
            return bytes;
        }
        int out = 0;
        for (int i = 0; i < bytes.length; i++) {
            bytes[out++] = bytes[i];
            if (bytes[i] == quote) {
                i++;
            }
        }
        return out == bytes.length ? bytes : Arrays.copyOf(bytes, out);
    }

    @Override
    public String raw() {
        return fault == null
                ? RecordReader.text(window.buffer(), window.position(0), window.position(length))
                : faultRaw;
    }

    @Override
    public void close() throws IOException {
        window.close();
    }
}
