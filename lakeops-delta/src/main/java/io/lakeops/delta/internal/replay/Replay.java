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
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.LogParquet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
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
    private static final Map<String, Field> COLUMNS = Map.of(
            "add", ActionSchema.ADD,
            "remove", ActionSchema.REMOVE,
            "txn", ActionSchema.TXN,
            "domainMetadata", ActionSchema.DOMAIN,
            "protocol", ActionSchema.PROTOCOL,
            "metaData", ActionSchema.METADATA);
    private static final List<Field> PATHS = List.of(
            ActionSchema.struct("add", Field.of("path", DataType.Primitive.STRING), ActionSchema.VECTOR),
            ActionSchema.struct("remove", Field.of("path", DataType.Primitive.STRING), ActionSchema.VECTOR));
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

    /** The version of the checkpoint that the commits stand on. */
    public OptionalLong base() {
        return base.isPresent() ? OptionalLong.of(base.get().version()) : OptionalLong.empty();
    }

    /**
     * The version's actions, each once, tombstones too; what was removed of other kinds is left out.
     *
     * <p>Shape: a row has one action, in the column of its kind; kinds that are not in {@code schema} are left out.
     */
    public LogParquet.RowIterator rows(List<Field> schema) {
        return new ReplayedRows(tail.rows(schema), tail, base, listing, parquet, schema);
    }

    /**
     * What the version says of the table itself: all but its files. Reads the checkpoint's columns for these.
     *
     * @param gate refuses a protocol before anything else is looked at
     */
    public Facts facts(Consumer<Protocol> gate) {
        Optional<JsonObject> protocol = Optional.empty();
        Optional<JsonObject> metadata = Optional.empty();
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
                            case "protocol" -> protocol = Optional.of(action);
                            case "metaData" -> metadata = Optional.of(action);
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
        gate.accept(Protocol.of(protocol.get()));
        return new Facts(new Definition(protocol.get(), metadata.get()), domains, sequences);
    }

    /** Every file that the version names, active or removed, as far as its paths go. */
    public List<LoggedFile> paths() {
        List<LoggedFile> files = new ArrayList<>();
        try (LogParquet.RowIterator rows = rows(PATHS)) {
            while (rows.hasNext()) {
                @Nullable Object[] row = rows.next();
                for (Object action : row) {
                    if (action instanceof @Nullable Object[] parts && parts[0] instanceof String path) {
                        files.add(new LoggedFile(
                                path,
                                Map.of(),
                                -1,
                                0,
                                Optional.empty(),
                                parts[1] instanceof @Nullable Object[] vector
                                        ? Optional.of(ReplayedRows.vector(vector))
                                        : Optional.empty(),
                                Map.of(),
                                Optional.empty()));
                    }
                }
            }
        }
        return files;
    }

    /** The sidecars that a checkpoint of one file names. */
    public static Set<Path> sidecars(Path checkpoint, LogParquet parquet) {
        Path log = Objects.requireNonNull(checkpoint.getParent());
        Set<Path> found = new HashSet<>();
        if (checkpoint.toString().endsWith(".json")) {
            CommitFile.readIfPresent(checkpoint)
                    .ifPresent(manifest -> manifest.actions("sidecar")
                            .forEach(sidecar -> found.add(sidecar(log, sidecar.text("path")))));
            return found;
        }
        try (LogParquet.RowIterator rows = parquet.read(checkpoint, List.of(ActionSchema.SIDECAR))) {
            while (rows.hasNext()) {
                if (rows.next()[0] instanceof @Nullable Object[] parts && parts[0] instanceof String path) {
                    found.add(sidecar(log, path));
                }
            }
        }
        return found;
    }

    /** A sidecar is a file of the log's own folder for them, whatever its path says. */
    static Path sidecar(Path log, String path) {
        Path folder = LogListing.sidecars(log);
        Path file = folder.resolve(TablePaths.decode(path)).normalize();
        if (!folder.equals(file.getParent())) {
            throw new LakeException(
                    ErrorCode.PATH_OUTSIDE_TABLE,
                    "a checkpoint names a sidecar outside the log's folder for them",
                    Map.of("path", path, "log", log));
        }
        return file;
    }

    /** A table's definition as its writers wrote it. */
    public record Definition(JsonObject protocol, JsonObject metadata) {}

    /**
     * What a version says of the table itself.
     *
     * @param domains in force, by domain
     * @param sequences the newest number of each application
     */
    public record Facts(
            Definition definition,
            Protocol protocol,
            Metadata metadata,
            Map<String, String> domains,
            Map<String, Long> sequences) {
        public Facts {
            domains = Map.copyOf(domains);
            sequences = Map.copyOf(sequences);
        }

        Facts(Definition definition, Map<String, String> domains, Map<String, Long> sequences) {
            this(
                    definition,
                    Protocol.of(definition.protocol()),
                    Metadata.of(definition.metadata()),
                    domains,
                    sequences);
        }

        /** The same after one more commit. */
        Facts after(CommitFile commit, Consumer<Protocol> gate) {
            Optional<JsonObject> changed = commit.actions("protocol").stream().reduce((a, b) -> b);
            changed.map(Protocol::of).ifPresent(gate);
            Optional<JsonObject> redefined = commit.actions("metaData").stream().reduce((a, b) -> b);
            Map<String, String> inForce = new LinkedHashMap<>(domains);
            for (JsonObject action : commit.actions("domainMetadata")) {
                if (action.flag("removed", false)) {
                    inForce.remove(action.text("domain"));
                } else {
                    inForce.put(action.text("domain"), action.text("configuration"));
                }
            }
            Map<String, Long> reached = new LinkedHashMap<>(sequences);
            commit.actions("txn").forEach(txn -> reached.put(txn.text("appId"), txn.number("version")));
            if (changed.isEmpty() && redefined.isEmpty()) {
                return new Facts(definition, protocol, metadata, inForce, reached);
            }
            return new Facts(
                    new Definition(changed.orElse(definition.protocol()), redefined.orElse(definition.metadata())),
                    inForce,
                    reached);
        }
    }

    /** What the commits since the checkpoint say, the newest of each, in the shape of a checkpoint's rows. */
    static final class Tail {
        private final Map<String, Map<String, @Nullable Object[]>> newest = new LinkedHashMap<>();
        /** Files by their keys, each with the kind of its newest action. */
        private final Map<String, String> files = new HashMap<>();

        private void note(JsonObject line) {
            for (String kind : line.values().keySet()) {
                Field column = COLUMNS.get(kind);
                JsonObject action = column == null ? null : line.object(kind).orElse(null);
                if (column == null || action == null) {
                    continue;
                }
                switch (kind) {
                    case "add", "remove" -> {
                        String key = fileKey(action);
                        if (files.putIfAbsent(key, kind) == null) {
                            put(column, key, action);
                        }
                    }
                    case "txn" -> put(column, action.text("appId"), action);
                    case "domainMetadata" -> put(column, action.text("domain"), action);
                    default -> put(column, "", action);
                }
            }
        }

        private void put(Field column, String key, JsonObject action) {
            Map<String, @Nullable Object[]> ofKind = newest.computeIfAbsent(column.name(), k -> new LinkedHashMap<>());
            if (!ofKind.containsKey(key)) {
                ofKind.put(key, ActionRows.row(column, action));
            }
        }

        boolean isEmpty() {
            return newest.isEmpty();
        }

        boolean replaces(String kind, String key) {
            return (kind.equals("add") || kind.equals("remove"))
                    ? files.containsKey(key)
                    : newest.getOrDefault(kind, Map.of()).containsKey(key);
        }

        private List<@Nullable Object[]> rows(List<Field> schema) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            for (int i = 0; i < schema.size(); i++) {
                Field column = schema.get(i);
                for (@Nullable
                Object[] action : newest.getOrDefault(column.name(), Map.of()).values()) {
                    if (!ReplayedRows.isRemovedDomain(column, action)) {
                        @Nullable Object[] row = new @Nullable Object[schema.size()];
                        row[i] = (column.name().equals("add") || column.name().equals("remove"))
                                ? projected(column, action)
                                : action.clone();
                        rows.add(row);
                    }
                }
            }
            return rows;
        }

        /** The fields that are asked for; those that only a checkpoint has are null. */
        private static @Nullable Object[] projected(Field column, @Nullable Object[] action) {
            List<Field> asked = ((DataType.Struct) column.type()).fields();
            List<Field> kept = ((DataType.Struct)
                            Objects.requireNonNull(COLUMNS.get(column.name())).type())
                    .fields();
            @Nullable Object[] row = new @Nullable Object[asked.size()];
            for (int i = 0; i < row.length; i++) {
                int at = i < kept.size() && kept.get(i).equals(asked.get(i)) ? i : kept.indexOf(asked.get(i));
                row[i] = at < 0 ? null : action[at];
            }
            return row;
        }

        static String fileKey(JsonObject action) {
            return action.has("deletionVector")
                    ? LoggedFile.remove(action).key()
                    : TablePaths.decode(action.text("path"));
        }
    }
}
