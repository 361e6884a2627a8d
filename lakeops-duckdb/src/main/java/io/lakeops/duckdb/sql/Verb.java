package io.lakeops.duckdb.sql;

import io.lakeops.engine.MergeRequest;
import io.lakeops.table.IdentityColumn;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A statement that LakeOps runs itself. */
public sealed interface Verb {
    /** Whether running it could change a table, or permit to. */
    default boolean writes() {
        return !(this instanceof Description || this instanceof NotYet);
    }

    /** Tells of a table. */
    sealed interface Description extends Verb {}

    /** Changes a table's rows. */
    sealed interface Change extends Verb {}

    /** Makes a table, or changes what it is. */
    sealed interface Definition extends Verb {}

    /** Keeps a table's files in order. */
    sealed interface Maintenance extends Verb {}

    /** Brings back what was. */
    sealed interface Recovery extends Verb {}

    /** {@code DESCRIBE HISTORY table [LIMIT n]}. */
    record DescribeHistory(TableRef table, OptionalLong limit) implements Description {}

    /** {@code DESCRIBE DETAIL table}. */
    record DescribeDetail(TableRef table) implements Description {}

    /** {@code INSERT INTO table rows}. */
    record Insert(TableRef table, InsertedRows rows) implements Change {}

    /**
     * {@code INSERT OVERWRITE table rows}, or {@code INSERT INTO table REPLACE WHERE condition rows}.
     *
     * @param where which rows go; none leaves it to the partitions
     */
    record Overwrite(TableRef table, Optional<String> where, InsertedRows rows) implements Change {}

    /**
     * {@code [PARTITION (column [= value], …)] [(columns) | BY NAME] query}.
     *
     * @param partition columns that have one value for all rows; no value leaves the column to the query
     * @param columns none names all
     * @param byName whether the query's columns are found by their names, and not by their place
     * @param query SELECT or VALUES, ready for DuckDB
     * @param defaults which rows of VALUES, from 1, have DEFAULT at a place, from 0; they have NULL there in {@code query}
     */
    record InsertedRows(
            Map<String, Optional<String>> partition,
            List<String> columns,
            boolean byName,
            String query,
            Map<Integer, List<Integer>> defaults) {
        public InsertedRows {
            partition = Collections.unmodifiableMap(new LinkedHashMap<>(partition));
            columns = List.copyOf(columns);
            defaults = Collections.unmodifiableMap(new LinkedHashMap<>(defaults));
        }

        /** Rows without DEFAULT. */
        public InsertedRows(
                Map<String, Optional<String>> partition, List<String> columns, boolean byName, String query) {
            this(partition, columns, byName, query, Map.of());
        }

        /** Values by their place. */
        static InsertedRows of(List<String> columns, String query) {
            return new InsertedRows(Map.of(), columns, false, query);
        }
    }

    /** {@code DELETE FROM table [WHERE condition]}. */
    record Delete(TableRef table, Optional<String> condition) implements Change {}

    /**
     * {@code UPDATE table SET column = value, … [WHERE condition]}.
     *
     * @param set values by the path of what gets them: a column, or a field in it, perhaps behind the table's name
     */
    record Update(TableRef table, Map<List<String>, String> set, Optional<String> condition) implements Change {
        public Update {
            set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
        }
    }

    /**
     * {@code MERGE [WITH SCHEMA EVOLUTION] INTO table USING source ON condition WHEN …}.
     *
     * @param evolves whether the table takes columns of the source that it lacks
     * @param source a query
     */
    record Merge(
            boolean evolves,
            TableRef table,
            String targetAlias,
            String source,
            String sourceAlias,
            String on,
            List<MergeRequest.Clause> clauses)
            implements Change {
        public Merge {
            clauses = List.copyOf(clauses);
        }
    }

    /**
     * {@code CREATE [OR REPLACE] TABLE [IF NOT EXISTS] table (…)}, or {@code … AS query}.
     *
     * @param columns none where the query has them
     */
    record Create(
            TableRef table,
            boolean ifNotExists,
            boolean replace,
            List<ColumnDefinition> columns,
            List<String> partitionedBy,
            List<String> clusterBy,
            Map<String, String> properties,
            Optional<String> comment,
            Optional<String> query)
            implements Definition {
        public Create {
            columns = List.copyOf(columns);
            partitionedBy = List.copyOf(partitionedBy);
            clusterBy = List.copyOf(clusterBy);
            properties = Map.copyOf(properties);
        }
    }

    /** A column of CREATE TABLE, its type in DuckDB's words, its default and what generates it in Spark's, how it counts. */
    record ColumnDefinition(
            String name,
            String type,
            boolean nullable,
            Optional<String> comment,
            Optional<String> byDefault,
            Optional<String> generated,
            Optional<IdentityColumn> identity) {
        public ColumnDefinition(String name, String type, boolean nullable, Optional<String> comment) {
            this(name, type, nullable, comment, Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    /**
     * {@code CREATE [OR REPLACE] TABLE table {SHALLOW | DEEP} CLONE source [VERSION | TIMESTAMP AS OF …] [TBLPROPERTIES
     * (…)]}.
     *
     * @param version of the source; with the timestamp, at most one is present
     */
    record Clone(
            TableRef table,
            boolean deep,
            boolean ifNotExists,
            boolean replace,
            TableRef source,
            OptionalLong version,
            Optional<String> timestamp,
            Map<String, String> properties)
            implements Definition {
        public Clone {
            properties = Map.copyOf(properties);
        }
    }

    /** {@code CONVERT TO DELTA parquet.`path` [NO STATISTICS] [PARTITIONED BY (column type, …)]}. */
    record Convert(String path, List<ColumnDefinition> partitionedBy, boolean statistics) implements Definition {
        public Convert {
            partitionedBy = List.copyOf(partitionedBy);
        }
    }

    /** {@code ALTER TABLE table …}. */
    record Alter(TableRef table, Alteration alteration) implements Definition {}

    /** {@code SHOW TBLPROPERTIES table [(key)]}. */
    record ShowProperties(TableRef table, Optional<String> key) implements Description {}

    /** {@code OPTIMIZE table [WHERE condition]}. */
    record Optimize(TableRef table, Optional<String> condition) implements Maintenance {}

    /** {@code VACUUM table [RETAIN n HOURS] [DRY RUN]}. */
    record Vacuum(TableRef table, OptionalDouble retainHours, boolean dryRun) implements Maintenance {}

    /** {@code RESTORE TABLE table TO VERSION AS OF n}, or {@code TIMESTAMP AS OF 'T'}: exactly one is present. */
    record Restore(TableRef table, OptionalLong version, Optional<String> timestamp) implements Recovery {}

    /** {@code SET lakeops_… = value}; RESET has no value. */
    record SetOption(String name, Optional<String> value) implements Verb {}

    /** A verb of the contract that is not built. */
    record NotYet(String verb) implements Verb {}
}
