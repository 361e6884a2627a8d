package io.lakeops.delta.internal.write;

import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far identity columns have counted: a value that was given once is never given again, whatever definition comes back.
 *
 * <p>Source: Delta protocol, "Identity Columns".
 */
final class IdentityMarks {
    private static final String MARK = "delta.identity.highWaterMark";
    private static final String STEP = "delta.identity.step";

    private IdentityMarks() {}

    /** The columns of a definition that comes back, counted as far as those of the one that stands. */
    static Schema kept(Schema standing, Schema restored) {
        return new Schema(restored.fields().stream()
                .map(field -> ColumnIds.counterpart(field, standing.fields())
                        .map(now -> kept(now, field))
                        .orElse(field))
                .toList());
    }

    /** Whether a definition is the other with nothing changed but how far its identity columns have counted. */
    static boolean countsOn(Definition before, Definition after) {
        return after.protocol().equals(before.protocol())
                && after.metadata()
                        .withSchema(unmarked(after.metadata().schema()))
                        .equals(before.metadata()
                                .withSchema(unmarked(before.metadata().schema())));
    }

    private static Schema unmarked(Schema schema) {
        return new Schema(schema.fields().stream()
                .map(field -> {
                    Map<String, @Nullable Object> metadata = new LinkedHashMap<>(field.metadata());
                    metadata.remove(MARK);
                    return with(field, metadata);
                })
                .toList());
    }

    private static Field with(Field field, Map<String, @Nullable Object> metadata) {
        return new Field(field.name(), field.type(), field.nullable(), field.physicalName(), field.fieldId(), metadata);
    }

    private static Field kept(Field now, Field field) {
        if (!(now.metadata().get(MARK) instanceof Long reached)
                || !field.metadata().containsKey(STEP)) {
            return field;
        }
        boolean down = field.metadata().get(STEP) instanceof Long step && step < 0;
        long mark = reached;
        if (field.metadata().get(MARK) instanceof Long before) {
            mark = down ? Math.min(before, reached) : Math.max(before, reached);
        }
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>(field.metadata());
        metadata.put(MARK, mark);
        return with(field, metadata);
    }
}
