package io.lakeops.delta.internal.log;

import java.nio.file.Path;
import java.util.List;

/**
 * A complete checkpoint of one version, as a listing showed it.
 *
 * @param files the one file of a classic checkpoint, its parts in order, or the top-level file of a V2 checkpoint
 */
public record CheckpointFiles(long version, List<Path> files) {
    public CheckpointFiles {
        files = List.copyOf(files);
    }

    /** Of two of one version the one that needs fewer files; any is as good to read. */
    static CheckpointFiles better(CheckpointFiles one, CheckpointFiles other) {
        int order = Integer.compare(one.rank(), other.rank());
        if (order == 0) {
            return one.files.toString().compareTo(other.files.toString()) <= 0 ? one : other;
        }
        return order < 0 ? one : other;
    }

    private int rank() {
        boolean classic = String.valueOf(files.get(0).getFileName()).endsWith(".checkpoint.parquet");
        return classic ? 0 : files.size();
    }
}
