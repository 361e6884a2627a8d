package io.lakeops.quality;

import io.lakeops.check.StatisticsRule;
import io.lakeops.table.ColumnStatistics;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.FileStatistics;
import io.lakeops.table.Literal;
import io.lakeops.table.Pruning;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What the log proves of single data files. Whatever it leaves open is for a scan. */
final class LogAnswers {
    private final Schema schema;
    private final List<String> partitionColumns;
    private final Pruning pruning;

    LogAnswers(Snapshot snapshot) {
        this.schema = snapshot.schema();
        this.partitionColumns = snapshot.partitionColumns();
        this.pruning = new Pruning(schema, partitionColumns);
    }

    /** A proven answer; null: the file adds nothing. */
    record Answer(@Nullable Object value) {}

    /** Empty where the log does not prove it. */
    Optional<Answer> of(StatisticsRule rule, DataFile file) {
        if (rule instanceof StatisticsRule.RowCount) {
            return counted(file.liveRows());
        }
        if (rule instanceof StatisticsRule.NullCount nulls) {
            return nulls(schema.require(nulls.column()), file);
        }
        if (rule instanceof StatisticsRule.Least least) {
            return bound(schema.require(least.column()), file, true);
        }
        if (rule instanceof StatisticsRule.Greatest greatest) {
            return bound(schema.require(greatest.column()), file, false);
        }
        if (rule instanceof StatisticsRule.NothingOutside outside) {
            return pruning.decide(outside.predicate(), file) == Pruning.Reason.NONE
                    ? Optional.empty()
                    : Optional.of(new Answer(null));
        }
        return Optional.empty();
    }

    private Optional<Answer> nulls(Field field, DataFile file) {
        OptionalLong live = file.liveRows();
        if (isPartition(field)) {
            return partitionIsNull(field, file) ? counted(live) : Optional.of(new Answer(0L));
        }
        if (file.statistics().isEmpty()) {
            return Optional.empty();
        }
        FileStatistics statistics = file.statistics().get();
        OptionalLong nulls = statistics.column(List.of(field.name())).nulls();
        if (nulls.isEmpty()) {
            return Optional.empty();
        }
        if (nulls.getAsLong() == 0 || file.deletionVector().isEmpty()) {
            return counted(nulls);
        }
        // Under a deletion vector only two counts prove something: no null at all, and nothing but nulls.
        return statistics.rows().isPresent() && statistics.rows().getAsLong() == nulls.getAsLong()
                ? counted(live)
                : Optional.empty();
    }

    private Optional<Answer> bound(Field field, DataFile file, boolean least) {
        if (!boundsAreExact(field.type())) {
            return Optional.empty();
        }
        OptionalLong live = file.liveRows();
        if (live.isPresent() && live.getAsLong() == 0) {
            return Optional.of(new Answer(null));
        }
        if (isPartition(field)) {
            if (partitionIsNull(field, file)) {
                return Optional.of(new Answer(null));
            }
            // Without a count the file may have no row left, and then it has no value either.
            return live.isEmpty()
                    ? Optional.empty()
                    : Pruning.partitionLiteral(field, file.partitionValues().get(field.name()))
                            .map(literal -> new Answer(literal.value()));
        }
        if (file.statistics().isEmpty()
                || !file.statistics().get().tightBounds()
                || file.deletionVector().isPresent()) {
            return Optional.empty();
        }
        FileStatistics statistics = file.statistics().get();
        ColumnStatistics column = statistics.column(List.of(field.name()));
        if (column.nulls().isPresent() && column.nulls().equals(statistics.rows())) {
            return Optional.of(new Answer(null));
        }
        Optional<Literal> literal = least ? column.min() : column.max();
        return literal.map(value -> new Answer(value.value()));
    }

    /**
     * Text may be cut, instants are cut to milliseconds, NaN is in no bound, flags have none; of the others the bounds are
     * values that occur.
     */
    private static boolean boundsAreExact(DataType type) {
        if (type instanceof DataType.Decimal) {
            return true;
        }
        return type instanceof Primitive primitive
                && switch (primitive) {
                    case BYTE, SHORT, INTEGER, LONG, DATE -> true;
                    case BOOLEAN, FLOAT, DOUBLE, STRING, BINARY, TIMESTAMP, TIMESTAMP_NTZ, VARIANT -> false;
                };
    }

    private boolean isPartition(Field field) {
        return partitionColumns.contains(field.name());
    }

    private static boolean partitionIsNull(Field field, DataFile file) {
        String text = file.partitionValues().get(field.name());
        return text == null || text.isEmpty();
    }

    private static Optional<Answer> counted(OptionalLong count) {
        return count.isPresent() ? Optional.of(new Answer(count.getAsLong())) : Optional.empty();
    }
}
