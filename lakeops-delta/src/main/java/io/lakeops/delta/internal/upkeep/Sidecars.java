package io.lakeops.delta.internal.upkeep;

import io.lakeops.delta.internal.log.LogErrors;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.delta.internal.replay.Replay;
import io.lakeops.error.LakeException;
import io.lakeops.table.LogParquet;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The sidecars of a log: which of them no checkpoint names. */
final class Sidecars {
    private final Path log;
    private final LogParquet parquet;
    private final Consumer<String> warning;

    Sidecars(Path log, LogParquet parquet, Consumer<String> warning) {
        this.log = log;
        this.parquet = parquet;
        this.warning = warning;
    }

    /**
     * Sidecars that no checkpoint of the log names and that are older than an instant: a younger one may be of a checkpoint that
     * is being written. None where a checkpoint can't be read, which may name any.
     */
    List<Path> orphans(Instant before) {
        List<Path> old = older(before);
        if (old.isEmpty()) {
            return old;
        }
        Set<Path> named = new HashSet<>();
        try {
            for (Path checkpoint : LogListing.checkpointFiles(log)) {
                named.addAll(Replay.sidecars(checkpoint, parquet));
            }
        } catch (LakeException e) {
            warning.accept(
                    "no sidecar is deleted, because a checkpoint that may name it can't be read: " + e.getMessage());
            return List.of();
        }
        return old.stream().filter(file -> !named.contains(file)).toList();
    }

    private List<Path> older(Instant before) {
        Path folder = LogListing.sidecars(log);
        List<Path> old = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.parquet")) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    old.add(file);
                }
            }
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException e) {
            throw LogErrors.io("the sidecars of the log can't be listed", folder, e);
        }
        return old;
    }
}
