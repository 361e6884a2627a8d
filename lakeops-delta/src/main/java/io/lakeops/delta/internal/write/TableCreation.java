package io.lakeops.delta.internal.write;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.delta.internal.log.Clustering;
import io.lakeops.delta.internal.log.CommitPut;
import io.lakeops.delta.internal.log.LogErrors;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.error.CommitOutcomeUnknownException;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.Isolation;
import io.lakeops.table.Operation;
import io.lakeops.table.TableSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes a table as version 0, or leaves nothing behind. */
public final class TableCreation {
    private TableCreation() {}

    /** Errors: TABLE_ALREADY_EXISTS, INVALID_ARGUMENT, UNKNOWN_OPTION, COLUMN_NOT_FOUND, FEATURE_UNSUPPORTED. */
    public static void create(Path root, String table, TableSpec spec, LakeContext context) {
        requireFree(root);
        long now = context.clock().millis();
        Definition definition = Definition.create(spec, now);
        OptionalLong own = definition.metadata().flag("delta.enableInCommitTimestamps")
                ? OptionalLong.of(now)
                : OptionalLong.empty();
        Path log = LogListing.log(root);
        List<Path> made = new ArrayList<>();
        byte[] lines = lines(definition, spec, now, own);
        boolean created;
        try {
            makeFolders(log, made);
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
        context.listener().on(new LakeEvent.Committed(table, 0, "CREATE TABLE"));
    }

    private static byte[] lines(Definition definition, TableSpec spec, long now, OptionalLong own) {
        List<String> lines = new ArrayList<>();
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("partitionBy", Json.write(spec.partitionColumns()));
        parameters.put("clusterBy", Json.write(spec.clusteringColumns()));
        spec.description().ifPresent(text -> parameters.put("description", text));
        parameters.put("isManaged", "false");
        parameters.put("properties", Json.write(definition.metadata().properties()));
        Map<String, @Nullable Object> info = Draft.commitInfo(
                new Operation("CREATE TABLE", parameters, Map.of()),
                now,
                own,
                Optional.empty(),
                Isolation.SERIALIZABLE.label(),
                true,
                UUID.randomUUID().toString(),
                Optional.empty());
        lines.add(Draft.line("commitInfo", info));
        lines.add(Draft.line("protocol", definition.protocol().toJson()));
        lines.add(Draft.line("metaData", definition.metadata().toJson()));
        if (!spec.clusteringColumns().isEmpty()) {
            lines.add(Draft.domain(
                    Clustering.DOMAIN,
                    Clustering.configuration(
                            spec.clusteringColumns(), definition.metadata().schema())));
        }
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void requireFree(Path root) {
        if (LogListing.exists(root)) {
            throw exists(root);
        }
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "a file stands there", Map.of("path", root));
        }
        if (!Files.exists(root)) {
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
