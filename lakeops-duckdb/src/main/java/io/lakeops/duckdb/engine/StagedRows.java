package io.lakeops.duckdb.engine;

import io.lakeops.duckdb.engine.Statements.Work;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Rows in a temporary table, with columns {@code c0, c1, …}, sorted by partition, so that each partition is one range of
 * row ids. It spills to disk, so its size is bounded by the disk alone, and one file is open at a time.
 *
 * <p>A COPY with PARTITION_BY would keep a writer open for each partition and mix the order of rows; it is not faster.
 */
final class StagedRows implements AutoCloseable {
    private final Statements statements;
    private final String name;
    private final String table;

    private StagedRows(Statements statements) {
        this.statements = statements;
        this.name = "lakeops_stage_" + UUID.randomUUID();
        this.table = "temp.main.\"" + name + '"';
    }

    /** Keeps what a query returns, in its order. */
    static StagedRows of(Statements statements, String sql, Work work) throws SQLException {
        StagedRows staged = new StagedRows(statements);
        statements.runRaw("CREATE TEMP TABLE " + staged.table + " AS " + sql, work);
        return staged;
    }

    /** The table's name, unquoted, in the schema {@code temp.main}. */
    String name() {
        return name;
    }

    /** The table's name as SQL. */
    String table() {
        return table;
    }

    /**
     * Writes all partitions.
     *
     * @param condition which of the rows; those must stand together
     */
    List<WrittenFile> write(Schema schema, DataFiles files, String condition, Work work) throws SQLException {
        List<WrittenFile> written = new ArrayList<>();
        for (Range range : ranges(schema, files.partitionIndexes(), condition, work)) {
            String rows = "SELECT * FROM " + table + " WHERE rowid BETWEEN " + range.first() + " AND " + range.last();
            DataFiles.Size size =
                    range.rows() <= DataFiles.ROW_GROUP ? DataFiles.Size.ONE_FILE : DataFiles.Size.UNKNOWN;
            written.addAll(files.write(rows, range.partition(), size, work));
        }
        return written;
    }

    private record Range(Map<String, @Nullable String> partition, long first, long last, long rows) {}

    private List<Range> ranges(Schema schema, List<Integer> partitions, String condition, Work work)
            throws SQLException {
        StringBuilder select = new StringBuilder("SELECT min(rowid), max(rowid), count(*)");
        StringBuilder group = new StringBuilder();
        for (int index : partitions) {
            select.append(", ")
                    .append(PartitionText.select(
                            "c" + index, schema.fields().get(index).type()));
            group.append(group.isEmpty() ? " GROUP BY " : ", ").append("c").append(index);
        }
        String sql = select + " FROM " + table + " WHERE " + condition + group;
        List<Range> ranges = new ArrayList<>(statements.queryRaw(sql, work, result -> {
            List<Range> found = new ArrayList<>();
            while (result.next()) {
                if (result.getLong(3) == 0) {
                    continue;
                }
                Map<String, @Nullable String> partition = new LinkedHashMap<>();
                for (int i = 0; i < partitions.size(); i++) {
                    Field field = schema.fields().get(partitions.get(i));
                    partition.put(field.name(), PartitionText.read(result, 4 + i, field));
                }
                found.add(new Range(partition, result.getLong(1), result.getLong(2), result.getLong(3)));
            }
            return found;
        }));
        for (Range range : ranges) {
            if (range.last() - range.first() + 1 != range.rows()) {
                throw new LakeException(
                        ErrorCode.VERIFICATION_FAILED,
                        "the staged rows of a partition don't stand together",
                        Map.of("partition", range.partition(), "rows", range.rows()));
            }
        }
        ranges.sort(Comparator.comparingLong(Range::first));
        return ranges;
    }

    @Override
    public void close() {
        try {
            statements.runRaw("DROP TABLE IF EXISTS " + table, Work.quiet(new io.lakeops.context.Cancellation()));
        } catch (SQLException e) {
            // The connection is broken or in an aborted transaction; its temporary tables end with either.
            System.getLogger(StagedRows.class.getName())
                    .log(System.Logger.Level.DEBUG, "a temporary table is left to the connection's end", e);
        }
    }
}
