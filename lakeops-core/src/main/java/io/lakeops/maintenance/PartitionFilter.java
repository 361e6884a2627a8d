package io.lakeops.maintenance;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.Field;
import io.lakeops.table.Literal;
import io.lakeops.table.Predicate;
import io.lakeops.table.Pruning;
import io.lakeops.table.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Decides a condition on partition columns exactly, as SQL does: null where it can't be told. */
final class PartitionFilter {
    private final Snapshot snapshot;
    private final Predicate predicate;

    /** INVALID_ARGUMENT where the predicate looks at more than partition columns. */
    PartitionFilter(Snapshot snapshot, Predicate predicate) {
        this.snapshot = snapshot;
        this.predicate = predicate;
        check(predicate);
    }

    boolean accepts(DataFile file) {
        return Boolean.TRUE.equals(evaluate(predicate, file));
    }

    private void check(Predicate part) {
        if (part instanceof Predicate.And and) {
            and.parts().forEach(this::check);
        } else if (part instanceof Predicate.Or or) {
            or.parts().forEach(this::check);
        } else if (part instanceof Predicate.Comparison comparison) {
            column(comparison.column());
        } else if (part instanceof Predicate.In in) {
            column(in.column());
        } else if (part instanceof Predicate.IsNull isNull) {
            column(isNull.column());
        } else if (((Predicate.Constant) part).value()) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the condition can't be decided from partition values alone",
                    Map.of("partitionColumns", snapshot.partitionColumns()));
        }
    }

    private Field column(List<String> path) {
        Field field = snapshot.schema().require(path.get(0));
        if (path.size() > 1 || !snapshot.partitionColumns().contains(field.name())) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'" + String.join(".", path) + "' is not a partition column",
                    Map.of("partitionColumns", snapshot.partitionColumns()));
        }
        return field;
    }

    private @Nullable Boolean evaluate(Predicate part, DataFile file) {
        if (part instanceof Predicate.Constant constant) {
            return constant.value();
        }
        if (part instanceof Predicate.And and) {
            @Nullable Boolean result = true;
            for (Predicate one : and.parts()) {
                Boolean value = evaluate(one, file);
                if (Boolean.FALSE.equals(value)) {
                    return false;
                }
                result = value == null ? null : result;
            }
            return result;
        }
        if (part instanceof Predicate.Or or) {
            @Nullable Boolean result = false;
            for (Predicate one : or.parts()) {
                Boolean value = evaluate(one, file);
                if (Boolean.TRUE.equals(value)) {
                    return true;
                }
                result = value == null ? null : result;
            }
            return result;
        }
        if (part instanceof Predicate.IsNull isNull) {
            return isNull(column(isNull.column()), file) == isNull.isNull();
        }
        if (part instanceof Predicate.In in) {
            Field column = column(in.column());
            if (isNull(column, file)) {
                return null;
            }
            return in.literals().stream().anyMatch(l -> order(column, file, l) == 0);
        }
        Predicate.Comparison comparison = (Predicate.Comparison) part;
        Field column = column(comparison.column());
        if (isNull(column, file)) {
            return null;
        }
        int order = order(column, file, comparison.literal());
        return switch (comparison.operator()) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    private static boolean isNull(Field column, DataFile file) {
        String text = file.partitionValues().get(column.name());
        return text == null || text.isEmpty();
    }

    private static int order(Field column, DataFile file, Literal literal) {
        String text = file.partitionValues().get(column.name());
        Optional<Literal> value = Pruning.partitionLiteral(column, text);
        // A text beside a column of another type is read as SQL reads it: as a literal of that type.
        Optional<Literal> other = value.isPresent()
                        && literal.value() instanceof String words
                        && !(value.get().value() instanceof String)
                ? Pruning.partitionLiteral(column, words)
                : Optional.of(literal);
        OptionalInt order =
                value.isPresent() && other.isPresent() ? value.get().compare(other.get()) : OptionalInt.empty();
        return order.orElseThrow(() -> new LakeException(
                ErrorCode.INVALID_ARGUMENT,
                "the partition column '" + column.name() + "' can't be compared with " + literal.value(),
                Map.of("value", String.valueOf(text))));
    }
}
