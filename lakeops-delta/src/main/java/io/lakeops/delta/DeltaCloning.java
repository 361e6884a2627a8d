package io.lakeops.delta;

import io.lakeops.context.FileRoots;
import io.lakeops.context.LakeContext;
import io.lakeops.delta.internal.log.DeletionVectorFile;
import io.lakeops.delta.internal.log.DeletionVectorReader;
import io.lakeops.delta.internal.log.TablePaths;
import io.lakeops.delta.internal.write.BaseVersion;
import io.lakeops.delta.internal.write.TableCreation;
import io.lakeops.table.DataFile;
import io.lakeops.table.DeletionVector;
import io.lakeops.table.DeletionVectorWriter;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableCloning;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Clones of Delta tables.
 *
 * <p>Source: Delta protocol, "Add File and Remove File" and "Deletion Vector Descriptor Schema": paths may be absolute.
 */
record DeltaCloning() implements TableCloning {
    @Override
    public LakeTable unborn(
            TableId id, TableLocation location, Snapshot source, Map<String, String> properties, LakeContext context) {
        TableCreation creation =
                TableCreation.like(location.root(), id.toString(), BaseVersion.of(source), properties, context);
        creation.prepare();
        return new UnbornTable(id, location, creation);
    }

    @Override
    public DataFile shared(Snapshot source, DataFile file) {
        TablePaths paths = BaseVersion.of(source).paths();
        Path location = absolute(paths, file.path());
        return new DataFile(
                location.toString(),
                location,
                file.partitionValues(),
                file.fileBytes(),
                file.modificationTime(),
                file.statistics(),
                file.deletionVector().map(vector -> shared(paths, vector)),
                file.tags(),
                // Rows of another table: their ids there are none here.
                Optional.empty());
    }

    @Override
    public DeletionVectorWriter vectors(TableLocation location) {
        return new DeletionVectorFile(location.root());
    }

    private static DeletionVector shared(TablePaths paths, DeletionVector vector) {
        String file = DeletionVectorReader.file(vector);
        if (file.isEmpty()) {
            return vector;
        }
        return new DeletionVector(
                "p",
                TablePaths.absolute(absolute(paths, file)),
                vector.offset(),
                vector.sizeBytes(),
                vector.cardinality());
    }

    /** A link to the source's folder may lead elsewhere one day: the folder itself is named. */
    private static Path absolute(TablePaths paths, String path) {
        Path location = paths.confined(path);
        return location.startsWith(paths.root())
                ? FileRoots.real(paths.root()).resolve(paths.root().relativize(location))
                : location;
    }
}
