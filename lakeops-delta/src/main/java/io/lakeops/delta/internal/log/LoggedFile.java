package io.lakeops.delta.internal.log;

import io.lakeops.table.DataFile;
import io.lakeops.table.DeletionVector;
import io.lakeops.table.FileStatistics;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A data file as an {@code add} or {@code remove} of the log has it.
 *
 * @param logPath the path in the log's own, encoded text: what other readers compare
 * @param partitionValues by physical name
 * @param size in bytes; negative where a remove does not say it
 * @param modificationTime in milliseconds since the epoch
 * @param statistics the JSON text
 */
public record LoggedFile(
        String logPath,
        Map<String, @Nullable String> partitionValues,
        long size,
        long modificationTime,
        Optional<String> statistics,
        Optional<DeletionVector> deletionVector,
        Map<String, String> tags,
        Optional<DataFile.RowTracking> rowTracking) {
    public LoggedFile {
        partitionValues = partitionValues.isEmpty()
                ? Map.of()
                : Collections.unmodifiableMap(new LinkedHashMap<>(partitionValues));
        tags = Map.copyOf(tags);
    }

    public static LoggedFile add(JsonObject action) {
        return of(action, action.number("size"), action.number("modificationTime"));
    }

    public static LoggedFile remove(JsonObject action) {
        return of(
                action,
                action.optionalNumber("size").orElse(-1),
                action.optionalNumber("deletionTimestamp").orElse(0));
    }

    private static LoggedFile of(JsonObject action, long size, long time) {
        OptionalLong baseRowId = action.optionalNumber("baseRowId");
        OptionalLong commitVersion = action.optionalNumber("defaultRowCommitVersion");
        return new LoggedFile(
                action.text("path"),
                action.texts("partitionValues"),
                size,
                time,
                action.optionalText("stats"),
                action.object("deletionVector").map(LoggedFile::vector),
                action.presentTexts("tags"),
                baseRowId.isPresent() && commitVersion.isPresent()
                        ? Optional.of(new DataFile.RowTracking(baseRowId.getAsLong(), commitVersion.getAsLong()))
                        : Optional.empty());
    }

    private static DeletionVector vector(JsonObject json) {
        OptionalLong offset = json.optionalNumber("offset");
        return new DeletionVector(
                json.text("storageType"),
                json.text("pathOrInlineDv"),
                offset.isPresent() ? OptionalInt.of(Math.toIntExact(offset.getAsLong())) : OptionalInt.empty(),
                Math.toIntExact(json.number("sizeInBytes")),
                json.number("cardinality"));
    }

    /** What tells two logical files of a table apart: the decoded path and the deletion vector. */
    public static String key(String decodedPath, Optional<DeletionVector> vector) {
        return vector.map(v -> decodedPath + "\n" + v.uniqueId()).orElse(decodedPath);
    }

    public String key() {
        return key(TablePaths.decode(logPath), deletionVector);
    }

    /** The file in core's terms, its statistics parsed when they are asked for. */
    public DataFile dataFile(Metadata metadata, TablePaths paths) {
        String decoded = TablePaths.decode(logPath);
        return new DataFile(
                decoded,
                paths.resolve(decoded),
                metadata.logicalPartition(partitionValues),
                Math.max(0, size),
                modificationTime,
                statistics.map(text -> (FileStatistics) new JsonStatistics(text, metadata.schema())),
                deletionVector,
                tags,
                rowTracking);
    }
}
