package io.lakeops.duckdb.sql;

import io.lakeops.definition.ColumnPath;
import io.lakeops.definition.Edit;
import io.lakeops.definition.Position;
import java.util.List;
import java.util.Optional;

/** What an ALTER TABLE is to do, with types still in DuckDB's words. */
public sealed interface Alteration {
    /** {@code ADD COLUMNS (…)}. */
    record AddColumns(List<Column> columns) implements Alteration {
        public AddColumns {
            columns = List.copyOf(columns);
        }
    }

    /** A column to be added; {@code definition} has its own name only. */
    record Column(ColumnPath path, Verb.ColumnDefinition definition, Position position) {}

    /** {@code ALTER COLUMN … TYPE …}. */
    record ChangeType(ColumnPath column, String type) implements Alteration {}

    /** {@code ALTER COLUMN … SET DEFAULT …}, or {@code DROP DEFAULT}. */
    record ChangeDefault(ColumnPath column, Optional<String> expression) implements Alteration {}

    /** An edit without a type. */
    record Plain(Edit edit) implements Alteration {}
}
