package io.lakeops.definition;

import io.lakeops.definition.Edit.AddColumns;
import io.lakeops.definition.Edit.AddConstraint;
import io.lakeops.definition.Edit.ChangeDefault;
import io.lakeops.definition.Edit.ChangeNullability;
import io.lakeops.definition.Edit.ChangeType;
import io.lakeops.definition.Edit.ClusterBy;
import io.lakeops.definition.Edit.CommentOn;
import io.lakeops.definition.Edit.DropColumns;
import io.lakeops.definition.Edit.DropConstraint;
import io.lakeops.definition.Edit.MoveColumn;
import io.lakeops.definition.Edit.NewColumn;
import io.lakeops.definition.Edit.RenameColumn;
import io.lakeops.definition.Edit.SetProperties;
import io.lakeops.definition.Edit.SyncIdentity;
import io.lakeops.definition.Edit.UnsetProperties;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.CharLengths;
import io.lakeops.table.Field;
import io.lakeops.table.IdentityColumn;
import io.lakeops.table.Operation;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableChange;
import io.lakeops.table.TableRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Edits of one version of a table as definitions that follow it. */
final class EditPlan {
    private final Snapshot base;
    private final RowsAgainst rows;
    private final Schema schema;

    EditPlan(Snapshot base, RowsAgainst rows) {
        this.base = base;
        this.rows = rows;
        this.schema = base.schema();
    }

    /** Empty where nothing would change. */
    Optional<Redefinition> of(Edit edit) {
        Redefinition plan = plan(edit);
        return plan.change().equals(same(schema)) ? Optional.empty() : Optional.of(plan);
    }

    private Redefinition plan(Edit edit) {
        if (edit instanceof AddColumns add) {
            return add(add);
        }
        if (edit instanceof RenameColumn rename) {
            return rename(rename);
        }
        if (edit instanceof DropColumns drop) {
            return drop(drop);
        }
        if (edit instanceof MoveColumn move) {
            return new Redefinition(
                    same(SchemaEdits.move(schema, move.column(), move.position())),
                    EditHistory.change(
                            move.column(), SchemaEdits.field(schema, move.column()), Optional.of(move.position())));
        }
        if (edit instanceof ChangeType change) {
            return retype(change);
        }
        if (edit instanceof ChangeNullability change) {
            return field(
                    change.column(),
                    f -> new Field(f.name(), f.type(), change.nullable(), f.physicalName(), f.fieldId(), f.metadata()));
        }
        if (edit instanceof CommentOn comment) {
            return field(comment.column(), f -> commented(f, comment.comment()));
        }
        if (edit instanceof ChangeDefault change) {
            return changeDefault(change);
        }
        if (edit instanceof SyncIdentity sync) {
            return field(sync.column(), this::noticed);
        }
        if (edit instanceof AddConstraint add) {
            return addConstraint(add);
        }
        if (edit instanceof DropConstraint drop) {
            return dropConstraint(drop);
        }
        if (edit instanceof SetProperties set) {
            requireNoConstraint(set.properties().keySet(), "ADD CONSTRAINT … CHECK looks at the rows that are there");
            Map<String, String> properties = new LinkedHashMap<>(base.detail().properties());
            properties.putAll(set.properties());
            return new Redefinition(with(properties), EditHistory.setProperties(set.properties()));
        }
        if (edit instanceof ClusterBy cluster) {
            return ClusterPlan.of(cluster, base, same(schema));
        }
        return unset((UnsetProperties) edit);
    }

    private Redefinition add(AddColumns add) {
        Schema changed = schema;
        for (NewColumn column : add.columns()) {
            changed = SchemaEdits.add(changed, column.path(), newField(column), column.position());
        }
        return new Redefinition(same(changed), EditHistory.add(add.columns(), EditPlan::newField));
    }

    private static Field newField(NewColumn column) {
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        column.comment().ifPresent(text -> metadata.put("comment", text));
        column.length().ifPresent(text -> metadata.put(CharLengths.METADATA_KEY, text));
        String name = column.path().name();
        return new Field(name, column.type(), column.nullable(), name, OptionalInt.empty(), metadata);
    }

    private Redefinition rename(RenameColumn rename) {
        ColumnPath path = SchemaEdits.spelled(schema, rename.column());
        Field field = SchemaEdits.field(schema, path);
        requireIndependent(path, "renamed");
        ColumnPath after = path.renamed(rename.name());
        if (!rename.name().equalsIgnoreCase(field.name()) && SchemaEdits.has(schema, after)) {
            throw new LakeException(
                    ErrorCode.SCHEMA_MISMATCH, "the column " + after + " is there already", Map.of("column", path));
        }
        Schema changed = SchemaEdits.change(
                schema,
                path,
                f -> new Field(rename.name(), f.type(), f.nullable(), f.physicalName(), f.fieldId(), f.metadata()));
        List<String> partitions = base.partitionColumns().stream()
                .map(p -> path.parts().size() == 1 && p.equals(field.name()) ? rename.name() : p)
                .toList();
        TableChange change = new TableChange(
                changed, partitions, base.detail().properties(), base.detail().description());
        return new Redefinition(
                change,
                new Operation(
                        "RENAME COLUMN",
                        EditHistory.ordered("oldColumnPath", path.toString(), "newColumnPath", after.toString()),
                        Map.of()));
    }

    private Redefinition drop(DropColumns drop) {
        Schema changed = schema;
        List<ColumnPath> dropped = new ArrayList<>();
        for (ColumnPath column : drop.columns()) {
            if (drop.ifExists() && !SchemaEdits.has(changed, column)) {
                continue;
            }
            ColumnPath path = SchemaEdits.spelled(changed, column);
            changed = SchemaEdits.drop(changed, path);
            requireIndependent(path, "dropped");
            requireNotLaidOutBy(path);
            dropped.add(path);
        }
        if (base.partitionColumns().size() == changed.fields().size()) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a table needs a column that is no partition column",
                    Map.of("dropped", dropped));
        }
        return new Redefinition(same(changed), EditHistory.drop(dropped));
    }

    private Redefinition retype(ChangeType change) {
        ColumnPath path = SchemaEdits.spelled(schema, change.column());
        requireIndependent(path, "given another type");
        if (path.parts().size() == 1 && SchemaEdits.has(schema, path)) {
            requireNotNumbered(SchemaEdits.field(schema, path), path, "given another type");
        }
        Schema changed = SchemaEdits.retype(schema, path, change.type());
        return new Redefinition(same(changed), EditHistory.retype(path, schema, change.type()));
    }

    private Redefinition field(ColumnPath column, UnaryOperator<Field> change) {
        ColumnPath path = SchemaEdits.spelled(schema, column);
        Schema changed = SchemaEdits.change(schema, path, change);
        return new Redefinition(
                same(changed), EditHistory.change(path, SchemaEdits.field(changed, path), Optional.empty()));
    }

    private Field noticed(Field field) {
        IdentityColumn column = RowsAgainst.requireIdentity(field);
        OptionalLong furthest = rows.furthest(column);
        return furthest.isEmpty()
                ? field
                : column.noticing(furthest.getAsLong()).marked(field);
    }

    private static void requireNotNumbered(Field field, ColumnPath path, String verb) {
        if (IdentityColumn.of(field).isPresent()) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the identity column " + path + " can't be " + verb,
                    Map.of("column", path));
        }
    }

    private Redefinition changeDefault(ChangeDefault change) {
        if (change.column().parts().size() > 1) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a field within a column has no default of its own",
                    Map.of("column", change.column()));
        }
        return field(change.column(), f -> {
            Map<String, @Nullable Object> metadata = new LinkedHashMap<>(f.metadata());
            if (metadata.containsKey(TableRules.GENERATION)) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "a generated column has no default",
                        Map.of("column", change.column()));
            }
            requireNotNumbered(f, change.column(), "given a default");
            metadata.remove(TableRules.DEFAULT);
            change.expression().ifPresent(text -> metadata.put(TableRules.DEFAULT, text));
            return new Field(f.name(), f.type(), f.nullable(), f.physicalName(), f.fieldId(), metadata);
        });
    }

    private Redefinition addConstraint(AddConstraint add) {
        Map<String, String> properties = new LinkedHashMap<>(base.detail().properties());
        String before = properties.put(TableRules.CONSTRAINT + add.name(), add.expression());
        if (before != null) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the table has a constraint '" + add.name() + "' already; drop it first",
                    Map.of("constraint", before));
        }
        return new Redefinition(
                with(properties),
                new Operation(
                        "ADD CONSTRAINT", EditHistory.ordered("name", add.name(), "expr", add.expression()), Map.of()));
    }

    private Redefinition dropConstraint(DropConstraint drop) {
        Map<String, String> properties = new LinkedHashMap<>(base.detail().properties());
        String before = properties.remove(TableRules.CONSTRAINT + drop.name());
        if (before == null && !drop.ifExists()) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the table has no constraint '" + drop.name() + "'; DROP CONSTRAINT IF EXISTS passes over it",
                    Map.of(
                            "constraints",
                            TableRules.of(base).checks().stream()
                                    .map(TableRules.Check::name)
                                    .toList()));
        }
        return new Redefinition(
                with(properties),
                new Operation(
                        "DROP CONSTRAINT",
                        EditHistory.ordered(
                                "name", drop.name(), "expr", before == null ? "" : before, "existed", "true"),
                        Map.of()));
    }

    private static void requireNoConstraint(Collection<String> keys, String way) {
        keys.stream()
                .filter(key -> key.startsWith(TableRules.CONSTRAINT))
                .findFirst()
                .ifPresent(key -> {
                    throw new LakeException(
                            ErrorCode.INVALID_ARGUMENT, "'" + key + "' is a constraint and no property: " + way);
                });
    }

    private Redefinition unset(UnsetProperties unset) {
        requireNoConstraint(unset.keys(), "DROP CONSTRAINT takes it away");
        Map<String, String> properties = new LinkedHashMap<>(base.detail().properties());
        for (String key : unset.keys()) {
            if (properties.remove(key) == null && !unset.ifExists()) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the table has no property '" + key + "'; UNSET TBLPROPERTIES IF EXISTS passes over it",
                        Map.of("properties", base.detail().properties().keySet()));
            }
        }
        return new Redefinition(with(properties), EditHistory.unsetProperties(unset.keys(), unset.ifExists()));
    }

    private static Field commented(Field field, String comment) {
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>(field.metadata());
        metadata.put("comment", comment);
        return new Field(field.name(), field.type(), field.nullable(), field.physicalName(), field.fieldId(), metadata);
    }

    private void requireIndependent(ColumnPath path, String verb) {
        List<String> dependents = Dependents.of(base, path.parts().get(0));
        if (!dependents.isEmpty()) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the column " + path + " can't be " + verb + " while an expression of the table names it",
                    Map.of("expressions", dependents));
        }
    }

    private void requireNotLaidOutBy(ColumnPath path) {
        String column = path.parts().get(0);
        boolean top = path.parts().size() == 1;
        boolean partition = top && base.partitionColumns().contains(column);
        boolean clustering = base.detail().clusteringColumns().stream()
                .anyMatch(c ->
                        c.equals(String.join(".", path.parts())) || c.startsWith(String.join(".", path.parts()) + "."));
        if (partition || clustering) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the column " + path + " can't be dropped: the table is "
                            + (partition ? "partitioned" : "clustered") + " by it",
                    Map.of("column", path));
        }
    }

    private TableChange same(Schema changed) {
        return new TableChange(
                changed,
                base.partitionColumns(),
                base.detail().properties(),
                base.detail().description());
    }

    private TableChange with(Map<String, String> properties) {
        return new TableChange(
                schema, base.partitionColumns(), properties, base.detail().description());
    }
}
