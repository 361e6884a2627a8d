package io.lakeops.duckdb.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesReaderTest {
    @TempDir
    Path dir;

    private List<String> read(String text, Optional<String> payload, String... columns) throws IOException {
        Path file = Files.writeString(dir.resolve("in.jsonl"), text);
        List<String> records = new ArrayList<>();
        try (JsonLinesReader reader = JsonLinesReader.open(file, List.of(columns), payload)) {
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

    @Test
    void members_become_columns_and_the_rest_is_the_payload_as_written() throws IOException {
        assertThat(read(
                        "{\"id\": 1.10, \"x\":{\"a\" : [1, 2 ]}, \"t\":\"ü\\n\\u00e4😀\", \"y\":\"q\\\"\", \"z\" : null, \"w\":true}\r\n"
                                + "\n{\"t\":null,\"id\":[ 1 ]}\n  \n{}",
                        Optional.of("rest"),
                        "id",
                        "t",
                        "rest"))
                .containsExactly(
                        "1 [1.10, ü\nä😀, {\"x\":{\"a\" : [1, 2 ]},\"y\":\"q\\\"\",\"z\" : null,\"w\":true}]",
                        "3 [[ 1 ], null, {}]",
                        "5 [null, null, {}]");
    }

    @Test
    void what_is_no_object_is_rejected_with_its_line() throws IOException {
        assertThat(read(
                        "{\"id\":1}\n{\"id\":\n[1]\n{\"id\":1}{}\n{\"id\":1,\"id\":2}\n{\"id\":NaN}\nnull\n{\"id\":\"\\ud83d\"}\n{\"id\":2}\n",
                        Optional.empty(),
                        "id"))
                .containsExactly(
                        "1 [1]",
                        "2 !MALFORMED_JSON {\"id\":",
                        "3 !NOT_AN_OBJECT [1]",
                        "4 !MALFORMED_JSON {\"id\":1}{}",
                        "5 !DUPLICATE_MEMBER {\"id\":1,\"id\":2}",
                        "6 !MALFORMED_JSON {\"id\":NaN}",
                        "7 !NOT_AN_OBJECT null",
                        "8 !MALFORMED_JSON {\"id\":\"\\ud83d\"}",
                        "9 [2]");
    }

    @Test
    void a_line_of_ten_megabytes_or_a_thousand_levels_is_rejected() throws IOException {
        List<String> records = read(
                "{\"id\":\"" + "x".repeat(10 << 20) + "\"}\n{\"id\":" + "[".repeat(5000) + "]".repeat(5000)
                        + "}\n{\"id\":1}\n",
                Optional.empty(),
                "id");
        assertThat(records.get(0)).startsWith("1 !ROW_TOO_LONG {\"id\":\"xx");
        assertThat(records.get(1)).startsWith("2 !MALFORMED_JSON");
        assertThat(records.get(2)).isEqualTo("3 [1]");
    }

    @Test
    void an_empty_file_is_refused() {
        assertThat(catchThrowableOfType(LakeException.class, () -> read("", Optional.empty(), "id"))
                        .code())
                .isEqualTo(ErrorCode.SOURCE_EMPTY);
    }
}
