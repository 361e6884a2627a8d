package io.lakeops.duckdb.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.table.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/reference/types.md says what the code does. */
class TypesPageTest {
    private static final Pattern TYPE = Pattern.compile("`([^`]+)`");
    private static final String WRITTEN = "| DuckDB, written | Delta |";

    private final String page;

    TypesPageTest() throws IOException {
        page = Files.readString(Path.of("").toAbsolutePath().resolveSibling("docs/reference/types.md"));
    }

    @Test
    void each_type_of_a_table_is_read_as_the_page_says_and_written_back_as_the_same() {
        List<String> rows = rows(page.substring(0, page.indexOf(WRITTEN)));
        assertThat(rows).hasSize(17);
        for (String row : rows) {
            for (String duckdb : types(row)) {
                DataType type = DuckTypes.parse(duckdb);
                assertThat(named(type)).as(row).isEqualTo(delta(row));
                assertThat(DuckTypes.sql(type)).isEqualTo(duckdb);
            }
        }
        Stream<String> primitives =
                Stream.of(DataType.Primitive.values()).map(p -> p.name().toLowerCase(Locale.ROOT));
        assertThat(rows.stream().map(TypesPageTest::delta)).containsAll(primitives.toList());
    }

    @Test
    void other_types_of_duckdb_are_written_as_the_page_says() {
        List<String> rows = rows(page.substring(page.indexOf(WRITTEN)));
        assertThat(rows).hasSize(8);
        for (String row : rows) {
            for (String duckdb : types(row)) {
                assertThat(named(DuckTypes.parse(duckdb))).as(row).isEqualTo(delta(row));
            }
        }
    }

    @Test
    void types_without_a_counterpart_are_refused() {
        String line = page.lines()
                .filter(l -> l.contains("have no counterpart"))
                .findFirst()
                .orElseThrow();
        List<String> refused =
                types(line).stream().filter(t -> !t.equals("TYPE_UNSUPPORTED")).toList();
        assertThat(refused).hasSize(6);
        for (String duckdb : refused) {
            assertThatThrownBy(() -> DuckTypes.parse(duckdb)).hasMessageStartingWith("TYPE_UNSUPPORTED: ");
        }
    }

    private static List<String> rows(String table) {
        return table.lines().filter(l -> l.startsWith("| `")).toList();
    }

    private static List<String> types(String row) {
        String first = row.startsWith("|") ? row.split("\\|", -1)[1] : row;
        return TYPE.matcher(first).results().map(m -> m.group(1)).toList();
    }

    private static String delta(String row) {
        Matcher name = Pattern.compile("[a-z_]+(\\([^)]*\\))?").matcher(row.split("\\|", -1)[2]);
        assertThat(name.find()).as(row).isTrue();
        return name.group();
    }

    private static String named(DataType type) {
        if (type instanceof DataType.Primitive primitive) {
            return primitive.name().toLowerCase(Locale.ROOT);
        }
        if (type instanceof DataType.Decimal decimal) {
            return "decimal(" + decimal.precision() + "," + decimal.scale() + ")";
        }
        if (type instanceof DataType.Array array) {
            return "array(" + named(array.element()) + ")";
        }
        if (type instanceof DataType.Mapping map) {
            return "map(" + named(map.key()) + "," + named(map.value()) + ")";
        }
        return ((DataType.Struct) type)
                .fields().stream()
                        .map(f -> f.name() + " " + named(f.type()))
                        .collect(Collectors.joining(",", "struct(", ")"));
    }
}
