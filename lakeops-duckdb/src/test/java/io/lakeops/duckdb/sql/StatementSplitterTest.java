package io.lakeops.duckdb.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatementSplitterTest {
    @Test
    void semicolons_end_statements_but_not_within_quotes_and_comments() {
        String sql = "SELECT ';' AS a -- not ; here\n; /* nor ; /* nested ; */ here */ SELECT \"a;b\" FROM t;"
                + " SELECT $$x;y$$, $tag$ $$;$$ $tag$, E'it\\';s';;  ";

        assertThat(StatementSplitter.split(sql))
                .containsExactly(
                        "SELECT ';' AS a", "SELECT \"a;b\" FROM t", "SELECT $$x;y$$, $tag$ $$;$$ $tag$, E'it\\';s'");
    }

    @Test
    void comments_alone_are_no_statement() {
        assertThat(StatementSplitter.split("-- nothing\n; /* here */ ;")).isEmpty();
        assertThat(StatementSplitter.split("")).isEmpty();
    }

    @Test
    void comments_within_a_statement_stay() {
        assertThat(StatementSplitter.split("SELECT /* one */ 1 -- end")).containsExactly("SELECT /* one */ 1");
    }

    @Test
    void doubled_quotes_do_not_end_a_text() {
        assertThat(StatementSplitter.split("SELECT 'it''s;', \"a\"\"b;\"; SELECT `x``;y`"))
                .containsExactly("SELECT 'it''s;', \"a\"\"b;\"", "SELECT `x``;y`");
    }

    @Test
    void what_never_ends_takes_the_rest() {
        assertThat(StatementSplitter.split("SELECT 1; SELECT 'open; SELECT 2"))
                .isEqualTo(List.of("SELECT 1", "SELECT 'open; SELECT 2"));
        assertThat(StatementSplitter.split("SELECT $a$ ; ")).hasSize(1);
        assertThat(StatementSplitter.split("SELECT 1 /* ; ")).hasSize(1);
    }

    @Test
    void a_statement_is_complete_once_its_semicolon_stands() {
        assertThat(StatementSplitter.isIncomplete("SELECT 1")).isTrue();
        assertThat(StatementSplitter.isIncomplete("SELECT ';")).isTrue();
        assertThat(StatementSplitter.isIncomplete("SELECT 1; -- done")).isFalse();
        assertThat(StatementSplitter.isIncomplete("  ")).isFalse();
    }
}
