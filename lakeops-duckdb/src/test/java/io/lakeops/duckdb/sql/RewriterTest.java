package io.lakeops.duckdb.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RewriterTest {
    private final Rewriter rewriter = new Rewriter(new Names());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "SELECT * FROM delta_scan('p', version=2)|SELECT * FROM delta_scan('p', version:=2)",
                "SELECT * FROM delta_scan('p', VERSION = 2)|SELECT * FROM delta_scan('p', VERSION := 2)",
                "SELECT * FROM delta_scan('p', version := 2)|SELECT * FROM delta_scan('p', version := 2)",
                "SELECT * FROM delta_scan('p', version => 2)|SELECT * FROM delta_scan('p', version => 2)",
                "SELECT * FROM delta_scan(?, timestamp = ?)|SELECT * FROM delta_scan(?, timestamp := ?)",
                "SELECT * FROM delta_scan('p', timestamp = f(version = 2))|SELECT * FROM delta_scan('p', timestamp :="
                        + " f(version = 2))",
                "SELECT * FROM delta_scan('p') WHERE version = 2|SELECT * FROM delta_scan('p') WHERE version = 2",
                "SELECT * FROM delta.`/a b`|SELECT * FROM delta_scan('/a b')",
                "SELECT * FROM delta . `/it's` t|SELECT * FROM delta_scan('/it''s') t",
                "SELECT * FROM delta.`p` VERSION AS OF 3 WHERE x|SELECT * FROM delta_scan('p', version := 3) WHERE x",
                "SELECT * FROM delta.`p`@v4|SELECT * FROM delta_scan('p', version := 4)",
                "SELECT * FROM 'p' TIMESTAMP AS OF '2024-04-02'|SELECT * FROM delta_scan('p', timestamp :="
                        + " '2024-04-02')",
                "SELECT * FROM 'p' TIMESTAMP AS OF TIMESTAMP '2024-04-02'|SELECT * FROM delta_scan('p', timestamp :="
                        + " TIMESTAMP '2024-04-02')",
                "SELECT * FROM 'lake/t'|SELECT * FROM delta_scan('lake/t')",
                "SELECT * FROM x JOIN 'lake/t' USING (a)|SELECT * FROM x JOIN delta_scan('lake/t') USING (a)",
                "SELECT * FROM 'other.csv'|SELECT * FROM 'other.csv'",
                "COPY x FROM 'lake/t'|COPY x FROM 'lake/t'",
                "SELECT 'lake/t', a FROM x|SELECT 'lake/t', a FROM x",
                "SELECT * FROM bronze.orders VERSION AS OF 1|SELECT * FROM delta_scan('/lake/orders', version := 1) AS"
                        + " \"orders\"",
                "SELECT * FROM bronze.orders VERSION AS OF 1 o|SELECT * FROM delta_scan('/lake/orders', version := 1)"
                        + " o",
                "SELECT * FROM Bronze.Orders version as of 1 AS o, x|SELECT * FROM delta_scan('/lake/orders', version"
                        + " := 1) AS o, x",
                "SELECT * FROM orders@v7 WHERE a|SELECT * FROM delta_scan('/lake/orders', version := 7) AS \"orders\""
                        + " WHERE a",
                "SELECT * FROM bronze.orders VERSION AS OF ?|SELECT * FROM delta_scan('/lake/orders', version := ?) AS"
                        + " \"orders\"",
                "SELECT a, b FROM bronze.orders|SELECT a, b FROM bronze.orders",
                "WITH orders AS (SELECT 1) SELECT * FROM bronze.orders VERSION AS OF 1 o|WITH orders AS (SELECT 1)"
                        + " SELECT * FROM delta_scan('/lake/orders', version := 1) o",
                "WITH o AS (SELECT * FROM orders VERSION AS OF 1) SELECT * FROM o|WITH o AS (SELECT * FROM"
                        + " delta_scan('/lake/orders', version := 1) AS \"orders\") SELECT * FROM o",
                "SELECT 'VERSION AS OF 1' -- delta.`p`|SELECT 'VERSION AS OF 1'",
            })
    void every_spelling_becomes_one_call(String written, String sent) {
        assertThat(rewriter.rewrite(written)).isEqualTo(sent);
    }

    @Test
    void uses_within_ctes_and_subqueries_are_rewritten_too() {
        assertThat(rewriter.rewrite("WITH v1 AS (SELECT * FROM delta_scan('p', version=1)), v2 AS (SELECT * FROM"
                        + " delta_scan('p', version=2)) SELECT * FROM v2 EXCEPT SELECT * FROM v1"))
                .isEqualTo("WITH v1 AS (SELECT * FROM delta_scan('p', version:=1)), v2 AS (SELECT * FROM"
                        + " delta_scan('p', version:=2)) SELECT * FROM v2 EXCEPT SELECT * FROM v1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT $$delta_scan('p', version=2)$$, 'delta.`p`', \"version = 3\"",
                "SELECT a->>'b', x::INT, [1, 2][1], {'version': 1} FROM t /* bronze.orders@v1 */ WHERE a = ?",
                "SELECT version = 3, timestamp = '2024-01-01' FROM t"
            })
    void what_needs_no_change_is_left_byte_for_byte(String sql) {
        assertThat(rewriter.rewrite(sql)).isEqualTo(sql);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "FROM table_changes(bronze.orders, 1, key = 'id')|FROM table_changes('/lake/orders', 1, key := 'id')",
                "FROM table_changes('bronze.orders', 1)|FROM table_changes('/lake/orders', 1)",
                "FROM table_changes(\"orders\", 1, 2) WHERE key = 1|FROM table_changes('/lake/orders', 1, 2) WHERE key = 1",
                "FROM table_changes('lake/t', 1)|FROM table_changes('lake/t', 1)",
                "FROM table_changes('nothere', 1)|FROM table_changes('nothere', 1)",
                "FROM table_changes(?, ?)|FROM table_changes(?, ?)",
                "FROM table_changes(delta.`a b`, 1)|FROM table_changes('a b', 1)",
                "FROM table_changes(delta_scan('p'), 1)|FROM table_changes('p', 1)",
            })
    void the_table_whose_changes_are_asked_for_becomes_a_path(String sql, String rewritten) {
        assertThat(rewriter.rewrite(sql)).isEqualTo(rewritten);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "SELECT * FROM nothere VERSION AS OF 1|TABLE_NOT_FOUND",
                "SELECT * FROM bronze.orders VERSION AS OF 'x'|SQL_SYNTAX",
                "SELECT * FROM bronze.orders TIMESTAMP AS OF 3|SQL_SYNTAX",
                "SELECT * FROM returns VERSION AS OF 3|TABLE_NAME_AMBIGUOUS",
                "SELECT * FROM table_changes(bronze.nothere, 1, 2)|TABLE_NOT_FOUND",
                "WITH orders AS (SELECT 1) SELECT * FROM orders VERSION AS OF 1|SQL_SYNTAX",
                "WITH x AS (SELECT 1), Orders(a, b) AS NOT MATERIALIZED (SELECT 1, 2) SELECT * FROM"
                        + " orders@v1|SQL_SYNTAX",
                "WITH RECURSIVE orders AS MATERIALIZED (SELECT 1) SELECT * FROM x, orders TIMESTAMP AS OF"
                        + " '2024-01-01'|SQL_SYNTAX",
                "WITH \"orders\" AS (SELECT 1) SELECT * FROM (SELECT * FROM orders VERSION AS OF ?)|SQL_SYNTAX",
                "SELECT * FROM bronze.orders o VERSION AS OF 1|SQL_SYNTAX",
                "SELECT * FROM (SELECT 1) orders VERSION AS OF 1|SQL_SYNTAX",
            })
    void what_cannot_be_meant_is_an_error(String sql, ErrorCode code) {
        assertThatThrownBy(() -> rewriter.rewrite(sql))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
