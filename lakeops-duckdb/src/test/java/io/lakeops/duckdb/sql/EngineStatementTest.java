package io.lakeops.duckdb.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.duckdb.sql.EngineStatement.Effect;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineStatementTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "SELECT 1|READS",
                "FROM t|READS",
                "WITH c AS (SELECT 1) SELECT * FROM c|READS",
                "WITH c AS (SELECT 1) INSERT INTO t SELECT * FROM c|WRITES",
                "INSERT INTO t VALUES (1)|WRITES",
                "COPY (SELECT 1) TO 'f'|WRITES",
                "EXPLAIN INSERT INTO t VALUES (1)|READS",
                "EXPLAIN ANALYZE INSERT INTO t VALUES (1)|WRITES",
                "EXPLAIN (ANALYZE, FORMAT json) DELETE FROM t|WRITES",
                "PREPARE p AS INSERT INTO t VALUES (1)|WRITES",
                "PREPARE p AS SELECT 1|READS",
                "CREATE TABLE t (a INT)|WRITES",
                "CREATE OR REPLACE TEMP TABLE t (a INT)|READS",
                "CREATE TEMPORARY VIEW v AS SELECT 1|READS",
                "ATTACH 'x.duckdb'|WRITES",
                "INSTALL httpfs|WRITES",
                "CHECKPOINT|WRITES",
                "EXPORT DATABASE 'd'|WRITES",
                "SET threads = 2|READS",
                "SET access_mode = 'read_write'|WRITES",
                "SET GLOBAL profiling_output = 'f'|WRITES",
                "SET search_path = 'main'|SEARCH_PATH",
                "RESET schema|SEARCH_PATH",
                "USE main|SEARCH_PATH",
                "PRAGMA table_info('t')|READS",
                "PRAGMA threads = 2|WRITES",
                "BEGIN TRANSACTION|BEGINS",
                "START TRANSACTION|BEGINS",
                "COMMIT|ENDS",
                "ROLLBACK|ENDS",
            })
    void the_effect_of_a_statement_is_known(String sql, Effect effect) {
        assertThat(EngineStatement.of(Statement.of(sql), sql).effect()).isEqualTo(effect);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            nullValues = "-",
            value = {
                "SELECT 1|SELECT 1|true",
                "EXPLAIN ANALYZE SELECT 1|SELECT 1|true",
                "EXPLAIN (ANALYZE, FORMAT json) SELECT 1|SELECT 1|true",
                "EXPLAIN SELECT 1|SELECT 1|false",
                "CREATE TABLE t AS SELECT 1|CREATE TABLE t AS SELECT 1|true",
                "CREATE VIEW v AS SELECT 1|-|false",
                "DESCRIBE t|-|false",
                "COPY (SELECT 1) TO 'f'|COPY (SELECT 1) TO 'f'|true",
                "COPY t FROM 'f'|-|false",
                "EXPLAIN|-|false",
            })
    void the_plan_that_a_statement_runs_can_be_asked_for(String sql, String explained, boolean reads) {
        EngineStatement statement = EngineStatement.of(Statement.of(sql), sql);

        assertThat(statement.explained().orElse(null)).isEqualTo(explained);
        assertThat(statement.reads()).isEqualTo(reads);
    }
}
