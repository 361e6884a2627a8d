package io.lakeops.delta.internal.write;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.delta.internal.log.Clustering;
import io.lakeops.delta.internal.log.CommitPut;
import io.lakeops.delta.internal.log.LogErrors;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.log.Protocol;
import io.lakeops.delta.internal.log.TablePaths;
import io.lakeops.delta.internal.replay.FileSet;
import io.lakeops.error.CommitOutcomeUnknownException;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.Isolation;
import io.lakeops.table.Operation;
import io.lakeops.table.TableSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A table that is about to be made as version 0: what its first commit builds on, as if an empty version stood below it.
 *
 * <p>Files may be written before the commit: an empty log tells a folder with such files from a stranger's, so that a creation
 * that was cut off can be run again.
 *
 * <p>Threads: immutable and safe.
 */
public final class TableCreation implements BaseVersion {
    private final Path root;
    private final String table;
    private final LakeContext context;
    private final long now;
    private final Definition definition;
    private final Map<String, String> domains;
    private final TablePaths paths;

    private TableCreation(
            Path root,
            String table,
            LakeContext context,
            long now,
            Definition definition,
            Map<String, String> domains) {
        this.root = root;
        this.table = table;
        this.context = context;
        this.now = now;
        this.definition = definition;
        this.domains = Map.copyOf(domains);
        this.paths = new TablePaths(root, context.roots().of(root));
    }

    /** Errors: TABLE_ALREADY_EXISTS, INVALID_ARGUMENT, UNKNOWN_OPTION, COLUMN_NOT_FOUND, FEATURE_UNSUPPORTED. */
    public static TableCreation of(Path root, String table, TableSpec spec, LakeContext context) {
        requireFree(root);
        return of(root, table, spec, context, false);
    }

    /** A table of files that stand in its folder already. Errors: those of {@link #of}. */
    public static TableCreation adopting(Path root, String table, TableSpec spec, LakeContext context) {
        if (LogListing.exists(root)) {
            throw exists(root);
        }
        return of(root, table, spec, context, true);
    }

    private static TableCreation of(Path root, String table, TableSpec spec, LakeContext context, boolean stored) {
        long now = context.clock().millis();
        Definition definition = Definition.create(spec, now, stored);
        Map<String, String> domains = spec.clusteringColumns().isEmpty()
                ? Map.of()
                : Map.of(
                        Clustering.DOMAIN,
                        Clustering.configuration(
                                spec.clusteringColumns(), definition.metadata().schema()));
        return new TableCreation(root, table, context, now, definition, domains);
    }

    /**
     * A table that has the definition of another's version.
     *
     * @param properties all that it is to have
     */
    public static TableCreation like(
            Path root, String table, BaseVersion source, Map<String, String> properties, LakeContext context) {
        requireFree(root);
        long now = context.clock().millis();
        Map<String, String> domains = new TreeMap<>(source.domains());
        domains.keySet().retainAll(Set.of(Clustering.DOMAIN));
        return new TableCreation(root, table, context, now, Definition.like(source, properties, now), domains);
    }

    /** Makes a table without rows, or leaves nothing behind. Errors: those of {@link #of}. */
    public static void create(Path root, String table, TableSpec spec, LakeContext context) {
        TableCreation creation = of(root, table, spec, context);
        creation.commit(
                CommitSpec.append(new Operation("CREATE TABLE", creation.parameters(spec), Map.of()), List.of()));
    }

    /** Makes the folders, for who writes files before the table is there. */
    public void prepare() {
        try {
            makeFolders(LogListing.log(root), new ArrayList<>());
        } catch (IOException e) {
            throw LogErrors.io("the table's folder can't be made", root, e);
        }
    }

    /** Makes the table with the commit's files. Errors: TABLE_ALREADY_EXISTS; nothing of the commit is left then. */
    public void commit(CommitSpec first) {
        if (LogListing.exists(root)) {
            throw exists(root);
        }
        Draft draft = Draft.creating(this, first.withIsolation(Isolation.SERIALIZABLE), now);
        OptionalLong own = draft.hasInCommitTimestamps() ? OptionalLong.of(now) : OptionalLong.empty();
        List<Path> made = new ArrayList<>();
        byte[] lines = draft.lines(0, now, own, new RowIds(Map.of()));
        boolean created;
        try {
            makeFolders(LogListing.log(root), made);
            Committer.force(root, draft);
            created = CommitPut.put(LogListing.commit(root, 0), lines, Instant.ofEpochMilli(now));
        } catch (IOException e) {
            if (!stands(LogListing.commit(root, 0), lines, e)) {
                unmake(made, e);
                throw LogErrors.io("the table can't be created", root, e);
            }
            created = true;
        }
        if (!created) {
            throw exists(root);
        }
        context.listener()
                .on(new LakeEvent.Committed(table, 0, first.operation().name()));
    }

    private Map<String, String> parameters(TableSpec spec) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("partitionBy", Json.write(spec.partitionColumns()));
        parameters.put("clusterBy", Json.write(spec.clusteringColumns()));
        spec.description().ifPresent(text -> parameters.put("description", text));
        parameters.put("isManaged", "false");
        parameters.put("properties", Json.write(definition.metadata().properties()));
        return parameters;
    }

    @Override
    public long version() {
        return -1;
    }

    @Override
    public Instant timestamp() {
        return Instant.ofEpochMilli(now);
    }

    @Override
    public Protocol protocol() {
        return definition.protocol();
    }

    @Override
    public Metadata metadata() {
        return definition.metadata();
    }

    @Override
    public TablePaths paths() {
        return paths;
    }

    @Override
    public Map<String, String> domains() {
        return domains;
    }

    @Override
    public FileSet logged() {
        return FileSet.empty();
    }

    @Override
    public OptionalLong sequence(String application) {
        return OptionalLong.empty();
    }

    private static void requireFree(Path root) {
        if (LogListing.exists(root)) {
            throw exists(root);
        }
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "a file stands there", Map.of("path", root));
        }
        if (!Files.exists(root) || Files.isDirectory(LogListing.log(root))) {
            return;
        }
        try (Stream<Path> inside = Files.list(root)) {
            // A stranger's files would belong to nobody's version, and VACUUM would delete them.
            Optional<Path> stranger = inside.filter(path -> {
                        String name = String.valueOf(path.getFileName());
                        return !name.startsWith("_") && !name.startsWith(".");
                    })
                    .findFirst();
            if (stranger.isPresent()) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "a table can't be created in a folder that holds something else",
                        Map.of("path", root, "holds", stranger.get().getFileName()));
            }
        } catch (IOException e) {
            throw LogErrors.io("the folder can't be listed", root, e);
        }
    }

    private static void makeFolders(Path folder, List<Path> made) throws IOException {
        Path parent = folder.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            makeFolders(parent, made);
        }
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            made.add(0, folder);
            if (parent != null) {
                CommitPut.force(parent);
            }
        }
    }

    /** Whether the commit landed before the disk failed: its text has an id of its own. */
    private static boolean stands(Path commit, byte[] lines, IOException cause) {
        try {
            return Files.exists(commit) && Arrays.equals(Files.readAllBytes(commit), lines);
        } catch (IOException e) {
            cause.addSuppressed(e);
            throw new CommitOutcomeUnknownException(
                    "whether the table was created could not be found out", Map.of("path", commit), cause);
        }
    }

    /** Takes away the folders that were made, from the innermost on, as far as they are empty. */
    private static void unmake(List<Path> made, Throwable failure) {
        for (Path folder : made) {
            try {
                Files.delete(folder);
            } catch (IOException e) {
                // Somebody's file came in between, or the disk refuses: the error under way says more than an empty
                // folder.
                failure.addSuppressed(e);
                return;
            }
        }
    }

    private static LakeException exists(Path root) {
        return new LakeException(
                ErrorCode.TABLE_ALREADY_EXISTS, "a Delta table stands there already", Map.of("path", root));
    }
}
