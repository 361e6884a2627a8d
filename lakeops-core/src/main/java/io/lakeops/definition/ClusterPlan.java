package io.lakeops.definition;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Operation;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableChange;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** By which columns a table is to be clustered. */
final class ClusterPlan {
    /** As many as Spark takes. */
    private static final int MOST = 4;

    /** Types of whose values a file's statistics have bounds. */
    private static final Set<Primitive> BOUNDED = EnumSet.of(
            Primitive.BYTE,
            Primitive.SHORT,
            Primitive.INTEGER,
            Primitive.LONG,
            Primitive.FLOAT,
            Primitive.DOUBLE,
            Primitive.STRING,
            Primitive.DATE,
            Primitive.TIMESTAMP,
            Primitive.TIMESTAMP_NTZ);

    private ClusterPlan() {}

    /**
     * The definition with these columns.
     *
     * @param same the definition as it is
     */
    static Redefinition of(Edit.ClusterBy edit, Snapshot base, TableChange same) {
        List<String> columns = new ArrayList<>();
        for (ColumnPath column : edit.columns()) {
            ColumnPath path = SchemaEdits.spelled(base.schema(), column);
            DataType type = SchemaEdits.field(base.schema(), path).type();
            boolean bounded = type instanceof DataType.Decimal || (type instanceof Primitive p && BOUNDED.contains(p));
            if (!bounded) {
                throw new LakeException(
                        ErrorCode.TYPE_UNSUPPORTED,
                        "a table can't be clustered by a column of that type",
                        Map.of("column", path, "type", type));
            }
            columns.add(String.join(".", path.parts()));
        }
        if (columns.size() > MOST || columns.stream().distinct().count() < columns.size()) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a table is clustered by at most " + MOST + " columns, each once",
                    Map.of("columns", columns));
        }
        if (!columns.isEmpty() && !base.partitionColumns().isEmpty()) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a table is partitioned or clustered, not both",
                    Map.of("partitionColumns", base.partitionColumns()));
        }
        List<String> before = base.detail().clusteringColumns();
        Operation operation = new Operation(
                "CLUSTER BY",
                EditHistory.ordered(
                        "oldClusteringColumns",
                        String.join(",", before),
                        "newClusteringColumns",
                        String.join(",", columns)),
                Map.of());
        return new Redefinition(before.equals(columns) ? same : same.clusteredBy(columns), operation);
    }
}
