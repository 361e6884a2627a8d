package io.lakeops.change;

import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.Literal;
import io.lakeops.table.Predicate;
import io.lakeops.table.Pruning;
import io.lakeops.table.Snapshot;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that files lie in. Writers spell one value differently ({@code 1} and {@code 1.0}), so that values are
 * compared, not their texts.
 */
final class PartitionsOf {
    private static final String NULL = "null";

    private final Snapshot base;
    private final Map<List<Object>, Predicate> partitions = new LinkedHashMap<>();

    PartitionsOf(Snapshot base, List<DataFile> files) {
        this.base = base;
        files.forEach(file -> partitions.computeIfAbsent(key(file), key -> predicate(file)));
    }

    /** Those of {@code files} that lie in one of the partitions. */
    List<DataFile> select(List<DataFile> files) {
        return files.stream().filter(f -> partitions.containsKey(key(f))).toList();
    }

    /** True for every row of the partitions. */
    Predicate predicate() {
        return partitions.isEmpty() ? Predicate.never() : new Predicate.Or(List.copyOf(partitions.values()));
    }

    private List<Object> key(DataFile file) {
        List<Object> key = new ArrayList<>();
        for (String column : base.partitionColumns()) {
            String text = text(file, column);
            if (text == null) {
                // A literal is never this very string, since it stands in a record.
                key.add(NULL);
                continue;
            }
            // What can't be compared, such as bytes, has one spelling.
            key.add(new Literal(
                    canonical(literal(column, text).map(Literal::value).orElse(text))));
        }
        return key;
    }

    private static Object canonical(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal.signum() == 0 ? BigDecimal.ZERO : decimal.stripTrailingZeros();
        }
        // Adding 0.0 turns -0.0 into 0.0: the two are one value.
        return value instanceof Double number ? (Object) (number + 0.0) : value;
    }

    private Predicate predicate(DataFile file) {
        Predicate predicate = Predicate.always();
        for (String column : base.partitionColumns()) {
            String text = text(file, column);
            predicate = predicate.and(
                    text == null
                            ? new Predicate.IsNull(List.of(column), true)
                            : literal(column, text)
                                    .<Predicate>map(
                                            l -> new Predicate.Comparison(List.of(column), Predicate.Operator.EQUAL, l))
                                    .orElse(Predicate.always()));
        }
        return predicate;
    }

    /** An empty text is null, but for bytes. */
    private @Nullable String text(DataFile file, String column) {
        String text = file.partitionValues().get(column);
        boolean bytes = base.schema().require(column).type() == DataType.Primitive.BINARY;
        return text != null && text.isEmpty() && !bytes ? null : text;
    }

    private Optional<Literal> literal(String column, String text) {
        return Pruning.partitionLiteral(base.schema().require(column).type(), text);
    }
}
