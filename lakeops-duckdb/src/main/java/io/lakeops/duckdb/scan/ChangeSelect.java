package io.lakeops.duckdb.scan;

import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.ChangedFile;
import io.lakeops.engine.Relation;
import io.lakeops.table.DataFile;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The SELECT over the changes of some versions of a table.
 *
 * <p>A file that changed is read as one of a table that is partitioned by what became of its rows, too: by version, by
 * time, and, but for change data, by the kind of change. So all files together are one or two scans, however many versions
 * there are, and a filter on a version prunes files as one on a partition does.
 */
public final class ChangeSelect {
    private final Relation.Changes changes;
    private final Source source;

    /** Makes the SELECT over some files, which must be held until the statement is done. */
    @FunctionalInterface
    public interface Source {
        SnapshotSql select(Snapshot snapshot, List<DataFile> files, ScanOptions options);
    }

    private ChangeSelect(Relation.Changes changes, Source source) {
        this.changes = changes;
        this.source = source;
    }

    /** The SELECT, without parentheses around it. */
    public static String sql(Relation.Changes changes, Source source) {
        return new ChangeSelect(changes, source).make();
    }

    private String make() {
        Schema schema = changes.schema();
        List<ChangedFile> recorded = new ArrayList<>();
        List<ChangedFile> plain = new ArrayList<>();
        List<ChangedFile> mixed = new ArrayList<>();
        Set<Long> versions = changes.compared() ? versionsToCompare() : Set.of();
        for (ChangedFile file : changes.files()) {
            if (file.kind() instanceof ChangedFile.Recorded) {
                recorded.add(file);
            } else {
                (versions.contains(file.version()) ? mixed : plain).add(file);
            }
        }
        String columns = SqlText.identifiers(schema.names());
        List<String> parts = new ArrayList<>();
        if (!recorded.isEmpty()) {
            parts.add(select(schema, recorded, false));
        }
        if (!plain.isEmpty() || (recorded.isEmpty() && mixed.isEmpty())) {
            parts.add(select(schema, plain, true));
        }
        if (!mixed.isEmpty()) {
            parts.add(difference(schema, select(schema, mixed, true)));
        }
        return parts.stream()
                .map(part -> "SELECT " + columns + " FROM (" + part + "\n)")
                .collect(Collectors.joining("\nUNION ALL\n"));
    }

    /** A version that only brought rows, or only took some, has nothing to be compared. */
    private Set<Long> versionsToCompare() {
        Set<Long> brought = new HashSet<>();
        Set<Long> taken = new HashSet<>();
        for (ChangedFile file : changes.files()) {
            (isInsert(file) ? brought : taken).add(file.version());
        }
        brought.retainAll(taken);
        return brought;
    }

    private static boolean isInsert(ChangedFile file) {
        return file.kind() instanceof ChangedFile.Inserted || file.kind() instanceof ChangedFile.Returned;
    }

    private String select(Schema schema, List<ChangedFile> changed, boolean typed) {
        List<String> partition = new ArrayList<>(changes.readAs().partitionColumns());
        if (typed) {
            partition.add(Relation.Changes.TYPE);
        }
        partition.add(Relation.Changes.VERSION);
        partition.add(Relation.Changes.TIMESTAMP);
        List<DataFile> files = new ArrayList<>();
        Map<DataFile, DataFile> deletedBy = new HashMap<>();
        for (ChangedFile file : changed) {
            Map<String, @Nullable String> values =
                    new LinkedHashMap<>(file.file().partitionValues());
            if (typed) {
                values.put(Relation.Changes.TYPE, isInsert(file) ? "insert" : "delete");
            }
            values.put(Relation.Changes.VERSION, Long.toString(file.version()));
            values.put(Relation.Changes.TIMESTAMP, file.timestamp().toString());
            DataFile virtual = in(values, file.file());
            files.add(virtual);
            file.other().ifPresent(other -> deletedBy.put(virtual, other));
        }
        return source.select(
                        new SnapshotView(changes.readAs(), schema, partition),
                        files,
                        ScanOptions.rows().withDeletedBy(deletedBy))
                .sql();
    }

    private static DataFile in(Map<String, @Nullable String> values, DataFile file) {
        return new DataFile(
                file.path(),
                file.location(),
                values,
                file.fileBytes(),
                file.modificationTime(),
                file.statistics(),
                file.deletionVector(),
                file.tags(),
                file.rowTracking());
    }

    /** What is left of rows that came and went in one version, each as often as it is left. */
    private String difference(Schema schema, String rows) {
        String counted = free(schema, "lakeops_left");
        String kept = changes.readAs().schema().names().stream()
                .map(SqlText::identifier)
                .collect(Collectors.joining(", "));
        String commit = Relation.Changes.VERSION + ", " + Relation.Changes.TIMESTAMP;
        String left = "SELECT " + kept + ", " + commit + ", sum(CASE " + Relation.Changes.TYPE
                + " WHEN 'insert' THEN 1 ELSE -1 END)::BIGINT AS " + counted + " FROM (" + rows + "\n) GROUP BY " + kept
                + ", " + commit + " HAVING " + counted + " <> 0";
        String each = "SELECT " + kept + ", CASE WHEN " + counted + " > 0 THEN 'insert' ELSE 'delete' END AS "
                + Relation.Changes.TYPE + ", " + commit + ", unnest(range(abs(" + counted + "))) AS " + counted
                + " FROM (" + left + "\n)";
        return changes.key().isEmpty() ? each : images(schema, each);
    }

    /** A row that went and a row that came, each the only one of its key in its version, are an update. */
    private String images(Schema schema, String rows) {
        String gone = free(schema, "lakeops_gone");
        String come = free(schema, "lakeops_come");
        List<String> key = changes.key().stream()
                .map(name -> SqlText.identifier(
                        changes.readAs().schema().require(name).name()))
                .toList();
        String window = " OVER (PARTITION BY " + Relation.Changes.VERSION + ", " + String.join(", ", key) + ")";
        String known = key.stream().map(name -> name + " IS NOT NULL").collect(Collectors.joining(" AND "));
        return "SELECT * REPLACE (CASE WHEN " + gone + " = 1 AND " + come + " = 1 AND " + known + " THEN CASE "
                + Relation.Changes.TYPE + " WHEN 'insert' THEN 'update_postimage' ELSE 'update_preimage' END ELSE "
                + Relation.Changes.TYPE + " END AS " + Relation.Changes.TYPE + ") FROM (SELECT *, count(*) FILTER ("
                + Relation.Changes.TYPE + " = 'delete')" + window + " AS " + gone + ", count(*) FILTER ("
                + Relation.Changes.TYPE + " = 'insert')" + window + " AS " + come + " FROM (" + rows + "\n))";
    }

    /** A name that no column has. */
    private static String free(Schema schema, String name) {
        Set<String> taken = schema.fields().stream()
                .map(Field::name)
                .map(n -> n.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        String free = name;
        while (taken.contains(free)) {
            free += "_";
        }
        return free;
    }
}
