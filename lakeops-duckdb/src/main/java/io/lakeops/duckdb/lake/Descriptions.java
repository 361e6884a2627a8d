package io.lakeops.duckdb.lake;

import io.lakeops.duckdb.sql.Verb;
import io.lakeops.table.DataFile;
import io.lakeops.table.HistoryEntry;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableDetail;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What DESCRIBE HISTORY and DESCRIBE DETAIL return. */
final class Descriptions {
    private static final LiteralTable HISTORY = LiteralTable.of(
            "version BIGINT",
            "timestamp TIMESTAMPTZ",
            "userId VARCHAR",
            "userName VARCHAR",
            "operation VARCHAR",
            "operationParameters MAP(VARCHAR, VARCHAR)",
            "readVersion BIGINT",
            "isolationLevel VARCHAR",
            "isBlindAppend BOOLEAN",
            "operationMetrics MAP(VARCHAR, VARCHAR)",
            "userMetadata VARCHAR",
            "engineInfo VARCHAR");
    private static final LiteralTable PROPERTIES = LiteralTable.of("key VARCHAR", "value VARCHAR");
    private static final LiteralTable DETAIL = LiteralTable.of(
            "format VARCHAR",
            "id VARCHAR",
            "name VARCHAR",
            "description VARCHAR",
            "location VARCHAR",
            "createdAt TIMESTAMPTZ",
            "lastModified TIMESTAMPTZ",
            "partitionColumns VARCHAR[]",
            "clusteringColumns VARCHAR[]",
            "numFiles BIGINT",
            "sizeInBytes BIGINT",
            "properties MAP(VARCHAR, VARCHAR)",
            "minReaderVersion INTEGER",
            "minWriterVersion INTEGER",
            "tableFeatures VARCHAR[]");

    private Descriptions() {}

    static VerbResult run(Verb.Description verb, Tables tables) {
        if (verb instanceof Verb.DescribeHistory history) {
            return VerbResult.rows(history(tables.table(history.table()), history.limit()));
        }
        if (verb instanceof Verb.ShowProperties show) {
            return VerbResult.rows(properties(tables.table(show.table()), show.key()));
        }
        return VerbResult.rows(detail(tables.table(((Verb.DescribeDetail) verb).table())));
    }

    /** The commits that the log still has, newest first; only the newest {@code limit}. */
    private static LiteralTable history(LakeTable table, OptionalLong limit) {
        LakeTable.VersionRange range = table.versions();
        if (limit.isPresent() && limit.getAsLong() == 0) {
            return HISTORY;
        }
        long from = limit.isPresent()
                ? Math.max(range.earliest(), range.latest() - limit.getAsLong() + 1)
                : range.earliest();
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (Stream<TableCommit> commits = table.commits(from, range.latest())) {
            commits.map(TableCommit::entry).forEach(entry -> rows.add(row(entry)));
        }
        Collections.reverse(rows);
        return HISTORY.withRows(rows);
    }

    /** As Spark has it: every property, or the one asked for, and a sentence where there is none. */
    private static LiteralTable properties(LakeTable table, Optional<String> key) {
        Map<String, String> properties =
                new TreeMap<>(table.snapshot(SnapshotSelector.latest()).detail().properties());
        if (key.isPresent()) {
            String missing = "Table " + table.id() + " does not have property: " + key.get();
            return PROPERTIES.with(key.get(), properties.getOrDefault(key.get(), missing));
        }
        List<List<@Nullable Object>> rows = new ArrayList<>();
        properties.forEach((name, value) -> rows.add(Arrays.asList(name, value)));
        return PROPERTIES.withRows(rows);
    }

    private static LiteralTable detail(LakeTable table) {
        Snapshot snapshot = table.snapshot(SnapshotSelector.latest());
        TableDetail detail = snapshot.detail();
        List<DataFile> files = snapshot.scan().files();
        return DETAIL.with(
                detail.format(),
                detail.id(),
                detail.name().orElse(null),
                detail.description().orElse(null),
                snapshot.location().toString(),
                detail.createdAt().orElse(null),
                snapshot.timestamp(),
                snapshot.partitionColumns(),
                detail.clusteringColumns(),
                (long) files.size(),
                files.stream().mapToLong(DataFile::fileBytes).sum(),
                detail.properties(),
                detail.minReaderVersion(),
                detail.minWriterVersion(),
                detail.features());
    }

    private static List<@Nullable Object> row(HistoryEntry entry) {
        return Arrays.asList(
                entry.version(),
                entry.timestamp(),
                entry.userId().orElse(null),
                entry.userName().orElse(null),
                entry.operation(),
                entry.operationParameters(),
                entry.readVersion().isPresent() ? (Object) entry.readVersion().getAsLong() : null,
                entry.isolationLevel().orElse(null),
                entry.isBlindAppend().orElse(null),
                entry.operationMetrics(),
                entry.userMetadata().orElse(null),
                entry.engineInfo().orElse(null));
    }
}
