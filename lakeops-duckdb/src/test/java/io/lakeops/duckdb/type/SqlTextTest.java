package io.lakeops.duckdb.type;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"", "plain", "it's \"q\"", "back\\slash\n", "NUL\0in\0side", "\0", "日本 \uD83E\uDD86", "$1 ? :x"})
    void a_text_literal_is_that_text(String text) throws SQLException {
        assertThat(query("SELECT " + SqlText.string(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "select", "a \"b\" 'c'", "x.y", "日本", " ", "line\nbreak"})
    void a_quoted_name_is_that_name(String name) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1 AS " + SqlText.identifier(name))) {
            assertThat(rows.getMetaData().getColumnName(1)).isEqualTo(name);
        }
    }

    @Test
    void a_path_with_pattern_characters_means_one_file() {
        assertThat(SqlText.path(Path.of("/d/g[1]*?.parquet"))).isEqualTo("/d/g[[]1[]][*][?].parquet");
        assertThat(SqlText.path(Path.of("/d/plain.parquet"))).isEqualTo("/d/plain.parquet");
    }

    @Test
    void a_list_of_texts_keeps_each_whatever_it_holds() throws SQLException {
        List<String> texts = new ArrayList<>(List.of("a\nb", "c\u0001d", "", "it's", "x,y"));
        for (int i = 0; i < 20; i++) {
            texts.add("n" + i);
        }
        assertThat(query("SELECT array_to_string(list_transform(" + SqlText.textList(texts)
                        + ", lambda s: hex(s)), ' ')"))
                .isEqualTo(query("SELECT array_to_string(list_transform(["
                        + String.join(", ", texts.stream().map(SqlText::string).toList())
                        + "], lambda s: hex(s)), ' ')"));
    }

    private static String query(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
