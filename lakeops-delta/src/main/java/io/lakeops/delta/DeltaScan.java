package io.lakeops.delta;

import io.lakeops.delta.internal.log.DeletionVectorReader;
import io.lakeops.delta.internal.log.TablePaths;
import io.lakeops.table.DataFile;
import io.lakeops.table.Predicate;
import io.lakeops.table.Pruning;
import io.lakeops.table.TableScan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a version that a predicate leaves.
 *
 * <p>Errors: PATH_OUTSIDE_TABLE from {@link #files()} where the path of a file to be read, or of its deletion vector, leads
 * outside, and from {@link #locate} where a symbolic link does.
 */
final class DeltaScan implements TableScan {
    private final DeltaSnapshot snapshot;
    private final Predicate predicate;

    DeltaScan(DeltaSnapshot snapshot, Predicate predicate) {
        this.snapshot = snapshot;
        this.predicate = predicate;
    }

    @Override
    public TableScan where(Predicate other) {
        return new DeltaScan(snapshot, predicate.and(other));
    }

    @Override
    public Predicate predicate() {
        return predicate;
    }

    @Override
    public List<DataFile> files() {
        Pruning pruning = new Pruning(snapshot.schema(), snapshot.partitionColumns());
        List<DataFile> kept = new ArrayList<>();
        for (DataFile file : snapshot.files()) {
            if (pruning.decide(predicate, file) == Pruning.Reason.NONE) {
                requireInside(file.path());
                file.deletionVector()
                        .filter(vector -> !vector.storage().equals("i"))
                        .ifPresent(vector -> requireInside(DeletionVectorReader.file(vector)));
                kept.add(file);
            }
        }
        return kept;
    }

    /** A plain path stays inside but for symbolic links, for which whoever reads the file looks. */
    private void requireInside(String path) {
        if (!TablePaths.isPlain(path)) {
            snapshot.paths().confined(path);
        }
    }

    @Override
    public Path locate(DataFile file) {
        return snapshot.paths().confined(file.path());
    }

    @Override
    public List<PrunedFile> pruned() {
        Pruning pruning = new Pruning(snapshot.schema(), snapshot.partitionColumns());
        List<PrunedFile> pruned = new ArrayList<>();
        for (DataFile file : snapshot.files()) {
            Pruning.Reason reason = pruning.decide(predicate, file);
            if (reason != Pruning.Reason.NONE) {
                pruned.add(new PrunedFile(file, reason));
            }
        }
        return pruned;
    }
}
