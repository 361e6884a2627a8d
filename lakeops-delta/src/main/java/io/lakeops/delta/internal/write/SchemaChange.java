package io.lakeops.delta.internal.write;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which changes of a schema leave the files that are there readable.
 *
 * @param mapped whether the table has column mapping, so that columns may be renamed and dropped
 * @param empty whether the table has no files
 * @param looked whether whoever commits looked at every row, so that a column may be made required
 * @param widening whether types may become wider
 */
record SchemaChange(boolean mapped, boolean empty, boolean looked, boolean widening) {
    private static final String MAPPING_ON = "; SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name') switches it on";

    /** Refuses what the files that are there can't follow. */
    void check(Schema before, Schema after) {
        fields(before.fields(), after.fields(), "");
    }

    private void fields(List<Field> before, List<Field> after, String parent) {
        Set<String> kept = new HashSet<>();
        for (Field field : after) {
            Optional<Field> old = ColumnIds.counterpart(field, before);
            String path = parent + field.name();
            if (old.isEmpty()) {
                if (!field.nullable() && !empty) {
                    throw new LakeException(
                            ErrorCode.CONSTRAINT_VIOLATED,
                            "a column that is never null can't be added to a table with files",
                            Map.of("column", path));
                }
                continue;
            }
            kept.add(old.get().name());
            if (!mapped && !old.get().name().equals(field.name())) {
                throw Features.unsupported(
                        "columnMapping", "the column " + path + " can't be renamed without it" + MAPPING_ON);
            }
            if (old.get().nullable() && !field.nullable() && !empty && !looked) {
                throw new LakeException(
                        ErrorCode.CONSTRAINT_VIOLATED,
                        "a column that may hold nulls can't be made required",
                        Map.of("column", path));
            }
            type(old.get().type(), field.type(), path);
        }
        for (Field field : before) {
            if (!mapped && !kept.contains(field.name())) {
                throw Features.unsupported(
                        "columnMapping",
                        "the column " + parent + field.name() + " can't be dropped without it" + MAPPING_ON);
            }
        }
    }

    private void type(DataType before, DataType after, String path) {
        if (before instanceof DataType.Struct old && after instanceof DataType.Struct now) {
            fields(old.fields(), now.fields(), path + ".");
        } else if (before instanceof DataType.Array old && after instanceof DataType.Array now) {
            type(old.element(), now.element(), path + ".element");
        } else if (before instanceof DataType.Mapping old && after instanceof DataType.Mapping now) {
            type(old.key(), now.key(), path + ".key");
            type(old.value(), now.value(), path + ".value");
        } else if (!before.equals(after)) {
            retyped(before, after, path);
        }
    }

    private void retyped(DataType before, DataType after, String path) {
        String change = "the column " + path + " can't change from " + TypeWidening.text(before) + " to "
                + TypeWidening.text(after);
        if (!TypeWidening.allows(before, after)) {
            throw Features.unsupported("typeWidening", change + ", which is no widening that the feature has");
        }
        if (!widening) {
            throw Features.unsupported(
                    "typeWidening",
                    change + " without it; SET TBLPROPERTIES ('" + TypeWidening.PROPERTY
                            + "' = 'true') switches it on");
        }
    }
}
