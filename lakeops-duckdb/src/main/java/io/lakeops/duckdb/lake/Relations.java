package io.lakeops.duckdb.lake;

import io.lakeops.Lake;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import io.lakeops.recovery.RestorePoint;
import io.lakeops.recovery.RestorePoints;
import io.lakeops.table.Field;
import io.lakeops.table.Pruning;
import io.lakeops.view.LakeView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Relations that are no table: the queries behind them, as of now. */
final class Relations {
    static final String PARTITIONS = "table_partitions";
    static final String SETTINGS = "lakeops_settings";
    /** Followed by the path of a table. */
    static final String RESTORABLE = "restorable ";

    private static final LiteralTable PARTITION_COLUMNS = LiteralTable.of(
            "table_name VARCHAR",
            "partition VARCHAR",
            "file VARCHAR",
            "rows BIGINT",
            "bytes BIGINT",
            "pruned BOOLEAN",
            "reason VARCHAR");

    private static final LiteralTable RESTORABLE_COLUMNS = LiteralTable.of(
            "version BIGINT",
            "timestamp TIMESTAMPTZ",
            "state VARCHAR",
            "until TIMESTAMPTZ",
            "missing_files BIGINT",
            "missing VARCHAR[]");

    private final Lake lake;
    private final Optional<Path> root;
    private final Predicate<String> isTable;
    private final List<LakeView> views;
    private final Settings settings;
    private final Supplier<List<FileUse>> lastUses;

    Relations(
            Lake lake,
            Optional<Path> root,
            Predicate<String> isTable,
            List<LakeView> views,
            Settings settings,
            Supplier<List<FileUse>> lastUses) {
        this.lake = lake;
        this.root = root;
        this.isTable = isTable;
        this.views = List.copyOf(views);
        this.settings = settings;
        this.lastUses = lastUses;
    }

    String sql(String name) {
        if (name.equals(PARTITIONS)) {
            return partitions();
        }
        if (name.equals(SETTINGS)) {
            return settings.table().sql();
        }
        if (name.startsWith(RESTORABLE)) {
            return restorable(name.substring(RESTORABLE.length()));
        }
        return views.stream()
                .filter(v -> v.name().equals(name))
                .findFirst()
                .map(this::view)
                .orElseThrow(() -> new LakeException(
                        ErrorCode.INVALID_ARGUMENT, "there is no relation '" + name + "' of LakeOps"));
    }

    private String restorable(String path) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (RestorePoint point : RestorePoints.of(lake.open(TablePaths.location(path)))) {
            rows.add(Arrays.asList(
                    point.version(),
                    point.timestamp(),
                    point.isWhole() ? "whole" : "partial",
                    point.until().orElse(null),
                    point.missingFiles(),
                    point.missing()));
        }
        return RESTORABLE_COLUMNS.withRows(rows).sql();
    }

    private String partitions() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (FileUse use : lastUses.get()) {
            rows.add(Arrays.asList(
                    use.table(),
                    use.partition().isEmpty() ? null : use.partition(),
                    use.file(),
                    use.rows().isPresent() ? (Object) use.rows().getAsLong() : null,
                    use.fileBytes(),
                    use.reason() != Pruning.Reason.NONE,
                    use.reason().name().toLowerCase(Locale.ROOT)));
        }
        return PARTITION_COLUMNS.withRows(rows).sql();
    }

    /** The view's query over its tables, or its columns without a row where none stands there yet. */
    private String view(LakeView view) {
        List<String> paths = paths(view.backing());
        if (paths.isEmpty()) {
            return ScanBinder.noRows(view.columns());
        }
        List<String> scans = paths.stream()
                .map(p -> "SELECT * FROM delta_scan(" + SqlText.string(p) + ")")
                .toList();
        String columns = SqlText.identifiers(
                view.columns().fields().stream().map(Field::name).toList());
        return "SELECT " + columns + " FROM ("
                + view.sql(
                        paths.size() == 1
                                ? "delta_scan(" + SqlText.string(paths.get(0)) + ")"
                                : "(" + String.join(" UNION ALL BY NAME ", scans) + ")")
                + ")";
    }

    private List<String> paths(LakeView.Backing backing) {
        Path folder = root.orElseThrow();
        if (backing instanceof LakeView.Backing.OneTable one) {
            return Stream.of(folder.resolve(one.path()).toString())
                    .filter(isTable)
                    .toList();
        }
        Path parent = folder.resolve(((LakeView.Backing.EveryTableIn) backing).folder());
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        // A table stands in the folder itself, or in the format's folder below it.
        try (Stream<Path> below = Files.walk(parent, 2)) {
            return below.filter(Files::isDirectory)
                    .map(Path::toString)
                    .filter(isTable)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw StorageErrors.of("can't list the folder", parent, e);
        }
    }
}
