package io.lakeops.duckdb.raw;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object a line. A column's text is a string's characters, or any other value as it is written in the file;
 * the payload is an object of the members that are no columns, as they are written.
 */
public final class JsonLinesReader implements RecordReader {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final Window window;
    private final Map<String, Integer> columns = new HashMap<>();
    private final int payload;
    private final byte[] @Nullable [] values;
    private long line;
    private @Nullable String fault;
    private String faultRaw = "";
    private int length;
    private int passed;
    private int passedLines;

    private JsonLinesReader(Path file, List<String> columns, Optional<String> payload) {
        this.window = new Window(file, LONGEST_RECORD);
        for (int i = 0; i < columns.size(); i++) {
            this.columns.put(columns.get(i), i);
        }
        this.payload = payload.map(columns::indexOf).orElse(-1);
        payload.ifPresent(this.columns::remove);
        this.values = new byte[columns.size()] @Nullable [];
    }

    /**
     * Opens a file.
     *
     * <p>Errors: SOURCE_EMPTY.
     */
    public static JsonLinesReader open(Path file, List<String> columns, Optional<String> payload) {
        JsonLinesReader reader = new JsonLinesReader(file, columns, payload);
        if (reader.window.at(0) == Window.END) {
            LakeException empty =
                    new LakeException(ErrorCode.SOURCE_EMPTY, "the raw file is empty", Map.of("file", file));
            try {
                reader.close();
            } catch (IOException e) {
                empty.addSuppressed(e);
            }
            throw empty;
        }
        return reader;
    }

    @Override
    public boolean next() {
        while (true) {
            window.advance(passed, passedLines);
            passed = 0;
            passedLines = 0;
            fault = null;
            if (window.at(0) == Window.END) {
                return false;
            }
            line = window.line();
            int end = 0;
            boolean blank = true;
            int b = window.at(0);
            while (b >= 0 && b != '\n') {
                blank &= b == ' ' || b == '\t' || b == '\r';
                end++;
                b = window.at(end);
            }
            if (b == Window.TOO_LONG) {
                fault = "ROW_TOO_LONG: more than " + LONGEST_RECORD + " bytes";
                faultRaw = RecordReader.text(window.buffer(), window.position(0), window.position(LONGEST_RAW));
                window.skipLine();
                return true;
            }
            passed = b == '\n' ? end + 1 : end;
            passedLines = 1;
            if (blank) {
                continue;
            }
            length = end > 0 && window.at(end - 1) == '\r' ? end - 1 : end;
            parse();
            return true;
        }
    }

    private void parse() {
        Arrays.fill(values, null);
        try (JsonParser parser = FACTORY.createParser(window.buffer(), window.position(0), length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                reject("NOT_AN_OBJECT: the line is JSON and no object");
                return;
            }
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            boolean[] seen = new boolean[values.length];
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                int nameStart = (int) parser.currentTokenLocation().getByteOffset();
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                int start = (int) parser.currentTokenLocation().getByteOffset();
                Integer column = columns.get(name);
                if (column == null) {
                    if (token.isStructStart()) {
                        parser.skipChildren();
                    } else {
                        parser.finishToken();
                    }
                    rest.write(rest.size() == 0 ? '{' : ',');
                    write(rest, nameStart, end(parser));
                    continue;
                }
                if (seen[column]) {
                    reject("DUPLICATE_MEMBER: the member '" + name + "' stands twice");
                    return;
                }
                seen[column] = true;
                values[column] = value(parser, token, start);
            }
            if (parser.nextToken() != null) {
                reject("MALFORMED_JSON: something follows the object");
                return;
            }
            if (payload >= 0) {
                rest.write(rest.size() == 0 ? '{' : ' ');
                byte[] bytes = rest.toByteArray();
                bytes[bytes.length - 1] = '}';
                values[payload] = bytes.length == 1 ? new byte[] {'{', '}'} : bytes;
            }
        } catch (JsonProcessingException | CharacterCodingException e) {
            String what = e instanceof JsonProcessingException json ? json.getOriginalMessage() : "half a character";
            reject("MALFORMED_JSON: " + what.lines().findFirst().orElse(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte @Nullable [] value(JsonParser parser, JsonToken token, int start) throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token.isStructStart()) {
            parser.skipChildren();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            write(out, start, end(parser));
            return out.toByteArray();
        }
        String text = parser.getText();
        // An escape may name half of a character, which is no text.
        java.nio.ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    private static int end(JsonParser parser) {
        return (int) parser.currentLocation().getByteOffset();
    }

    private void write(ByteArrayOutputStream out, int from, int to) {
        out.write(window.buffer(), window.position(from), to - from);
    }

    private void reject(String why) {
        fault = why;
        faultRaw = RecordReader.text(window.buffer(), window.position(0), window.position(length));
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
        return values[column];
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
