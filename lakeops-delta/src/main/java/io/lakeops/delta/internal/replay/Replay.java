package io.lakeops.delta.internal.replay;

import io.lakeops.delta.internal.log.CheckpointFiles;
import io.lakeops.delta.internal.log.CommitFile;
import io.lakeops.delta.internal.log.JsonObject;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.delta.internal.log.LoggedFile;
import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.log.Protocol;
import io.lakeops.delta.internal.log.TablePaths;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Field;
import io.lakeops.table.LogParquet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The actions that make up one version: those of the commits after its checkpoint in memory, and the checkpoint's own as a
 * stream, without what the commits replaced. So its memory grows with what changed since the checkpoint, not with the table.
 *
 * <p>Errors: LOG_CORRUPT naming file and line; VERSION_NOT_RETAINED where a commit went while it was looked for.
 *
 * <p>Threads: immutable and safe; each iterator is for one thread.
 *
 * <p>Source: Delta protocol, "Action Reconciliation".
 */
public final class Replay {
    private static final List<Field> FACTS =
            List.of(ActionSchema.PROTOCOL, ActionSchema.METADATA, ActionSchema.TXN, ActionSchema.DOMAIN);

    private final LogListing listing;
    private final long version;
    private final Optional<CheckpointFiles> base;
    private final LogParquet parquet;
    private final Tail tail = new Tail();

    private Replay(LogListing listing, long version, Optional<CheckpointFiles> base, LogParquet parquet) {
        this.listing = listing;
        this.version = version;
        this.base = base;
        this.parquet = parquet;
    }

    /** Reads the commits of a version that {@code listing} showed to be readable; a checkpoint's rows are read when asked for. */
    public static Replay of(long version, LogListing listing, LogParquet parquet) {
        var entry = listing.checkpoints().floorEntry(version);
        Optional<CheckpointFiles> base = entry == null ? Optional.empty() : Optional.of(entry.getValue());
        Replay replay = new Replay(listing, version, base, parquet);
        for (long v = version; v > base.map(CheckpointFiles::version).orElse(-1L); v--) {
            long missing = v;
            List<JsonObject> actions = CommitFile.readIfPresent(listing.commitFile(v))
                    .orElseThrow(() -> new LakeException(
                            ErrorCode.VERSION_NOT_RETAINED,
                            "the commit of version " + missing + " is not in the log",
                            Map.of("log", listing.log())))
                    .actions();
            // Within a commit the later line counts, as for Spark.
            for (int i = actions.size() - 1; i >= 0; i--) {
                replay.tail.note(actions.get(i));
            }
        }
        return replay;
    }

    public long version() {
        return version;
    }

    /**
     * The version's actions, each once, tombstones too; what was removed of other kinds is left out.
     *
     * <p>Shape: a row has one action, in the column of its kind; kinds that are not in {@code schema} are left out.
     */
    public LogParquet.RowIterator rows(List<Field> schema) {
        return new ReplayedRows(tail.rows(schema), tail, base, listing, parquet, schema);
    }

    /** What the version says of the table itself: all but its files. Reads the checkpoint's columns for these. */
    public Facts facts() {
        Optional<Protocol> protocol = Optional.empty();
        Optional<Metadata> metadata = Optional.empty();
        Map<String, String> domains = new LinkedHashMap<>();
        Map<String, Long> sequences = new LinkedHashMap<>();
        String where = listing.log() + ", version " + version;
        try (LogParquet.RowIterator rows = rows(FACTS)) {
            while (rows.hasNext()) {
                @Nullable Object[] row = rows.next();
                for (int i = 0; i < row.length; i++) {
                    if (row[i] instanceof @Nullable Object[] parts) {
                        JsonObject action = ActionRows.json(FACTS.get(i), parts, where);
                        switch (FACTS.get(i).name()) {
                            case "protocol" -> protocol = Optional.of(Protocol.of(action));
                            case "metaData" -> metadata = Optional.of(Metadata.of(action));
                            case "txn" -> sequences.put(action.text("appId"), action.number("version"));
                            default -> domains.put(action.text("domain"), action.text("configuration"));
                        }
                    }
                }
            }
        }
        if (protocol.isEmpty() || metadata.isEmpty()) {
            throw new LakeException(
                    ErrorCode.LOG_CORRUPT,
                    "the version has no " + (protocol.isEmpty() ? "protocol" : "metaData"),
                    Map.of("log", listing.log(), "version", version));
        }
        return new Facts(protocol.get(), metadata.get(), domains, sequences);
    }

    /**
     * What a version says of the table itself.
     *
     * @param domains in force, by domain
     * @param sequences the newest number of each application
     */
    public record Facts(
            Protocol protocol, Metadata metadata, Map<String, String> domains, Map<String, Long> sequences) {
        public Facts {
            domains = Map.copyOf(domains);
            sequences = Map.copyOf(sequences);
        }
    }

    /** What the commits since the checkpoint say, the newest of each. */
    static final class Tail {
        private final Map<String, Map<String, JsonObject>> newest = new LinkedHashMap<>();
        private final Map<String, String> files = new LinkedHashMap<>();

        private void note(JsonObject line) {
            for (Map.Entry<String, @Nullable Object> entry : line.values().entrySet()) {
                String kind = entry.getKey();
                JsonObject action = line.object(kind).orElse(null);
                if (action == null) {
                    continue;
                }
                switch (kind) {
                    case "add", "remove" -> {
                        String key = fileKey(action);
                        if (files.putIfAbsent(key, kind) == null) {
                            put(kind, key, action);
                        }
                    }
                    case "txn" -> put(kind, action.text("appId"), action);
                    case "domainMetadata" -> put(kind, action.text("domain"), action);
                    case "protocol", "metaData" -> put(kind, "", action);
                    default -> {}
                }
            }
        }

        private void put(String kind, String key, JsonObject action) {
            newest.computeIfAbsent(kind, k -> new LinkedHashMap<>()).putIfAbsent(key, action);
        }

        boolean replaces(String kind, String key) {
            return kind.equals("add") || kind.equals("remove")
                    ? files.containsKey(key)
                    : newest.getOrDefault(kind, Map.of()).containsKey(key);
        }

        private List<@Nullable Object[]> rows(List<Field> schema) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            for (int i = 0; i < schema.size(); i++) {
                Field column = schema.get(i);
                for (JsonObject action :
                        newest.getOrDefault(column.name(), Map.of()).values()) {
                    if (!action.flag("removed", false)) {
                        @Nullable Object[] row = new @Nullable Object[schema.size()];
                        row[i] = ActionRows.row(column, action);
                        rows.add(row);
                    }
                }
            }
            return rows;
        }

        private static String fileKey(JsonObject action) {
            return action.has("deletionVector")
                    ? LoggedFile.remove(action).key()
                    : LoggedFile.key(TablePaths.decode(action.text("path")), Optional.empty());
        }
    }
}
