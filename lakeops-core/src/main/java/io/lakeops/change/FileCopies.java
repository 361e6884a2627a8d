package io.lakeops.change;

import io.lakeops.context.FileRoots;
import io.lakeops.context.LakeEvent;
import io.lakeops.context.Run;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import io.lakeops.table.Attempts;
import io.lakeops.table.DataFile;
import io.lakeops.table.DeletedRows;
import io.lakeops.table.DeletionVector;
import io.lakeops.table.DeletionVectorWriter;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableCloning;
import io.lakeops.table.TableLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The files of a version, copied byte by byte into another table's folder, each once for all attempts to commit. What was
 * copied is kept in the copy's tags, so that a clone that is made again copies only what it lacks.
 *
 * <p>A copy has a name of its own: whatever stands in the folder already, another run's copies among it, is not touched.
 */
final class FileCopies {
    /** Of which file a copy is. */
    private static final String FILE = "lakeops.copyOf";
    /** Of which deletion vector its own is, and which that is. */
    private static final String VECTOR = "lakeops.copiedVector";

    private final Snapshot source;
    private final TableCloning cloning;
    private final TableLocation target;
    private final Run run;
    private final Map<String, DataFile> made = new HashMap<>();
    private final Set<Path> folders = new HashSet<>();
    private long bytes;

    FileCopies(Snapshot source, TableCloning cloning, TableLocation target, Run run) {
        this.source = source;
        this.cloning = cloning;
        this.target = target;
        this.run = run;
    }

    /** How many data files were copied so far. */
    long files() {
        return made.size();
    }

    long bytes() {
        return bytes;
    }

    /** The source's files as a table that has {@code base} so far comes to have them. */
    List<DataFile> onto(Attempts.Attempt attempt) {
        Map<String, DataFile> known = new HashMap<>();
        for (DataFile file : attempt.base().scan().files()) {
            Optional.ofNullable(file.tags().get(FILE)).ifPresent(origin -> known.put(origin, file));
        }
        List<DataFile> files = source.scan().files();
        List<DataFile> result = new ArrayList<>();
        try (DeletionVectorWriter vectors = cloning.vectors(target)) {
            for (DataFile file : files) {
                run.cancellation().check();
                result.add(onto(attempt, file, known.get(origin(file)), vectors));
                run.context()
                        .listener()
                        .on(new LakeEvent.Progress("clone", target.toString(), result.size(), files.size(), "files"));
            }
            attempt.stage(vectors.finish());
        }
        return result;
    }

    private DataFile onto(
            Attempts.Attempt attempt, DataFile file, @Nullable DataFile known, DeletionVectorWriter vectors) {
        Optional<DeletionVector> vector = file.deletionVector().filter(v -> v.cardinality() > 0);
        if (known != null && isCopied(vector, known)) {
            return known;
        }
        DataFile copy = known != null ? known : made.get(origin(file));
        if (copy == null) {
            copy = copy(attempt, file);
            made.put(origin(file), copy);
        }
        Map<String, String> tags = new LinkedHashMap<>(file.tags());
        tags.remove(VECTOR);
        tags.put(FILE, origin(file));
        Optional<DeletionVector> own = Optional.empty();
        if (vector.isPresent()) {
            DeletedRows rows = source.deletedRows(file);
            own = Optional.of(vectors.write(rows));
            tags.put(VECTOR, pair(vector.get(), own.get()));
        }
        return new DataFile(
                copy.path(),
                copy.location(),
                file.partitionValues(),
                file.fileBytes(),
                file.modificationTime(),
                file.statistics(),
                own,
                tags,
                Optional.empty());
    }

    /** Whether a copy has just the rows deleted that were deleted in the source when it was made, and are now. */
    private static boolean isCopied(Optional<DeletionVector> vector, DataFile known) {
        if (vector.isEmpty() || known.deletionVector().isEmpty()) {
            return vector.isEmpty() && known.deletionVector().isEmpty();
        }
        return pair(vector.get(), known.deletionVector().get())
                .equals(known.tags().get(VECTOR));
    }

    private static String pair(DeletionVector source, DeletionVector own) {
        return source.uniqueId() + " " + own.uniqueId();
    }

    private String origin(DataFile file) {
        return source.detail().id() + " " + file.path() + " " + file.fileBytes() + " " + file.modificationTime();
    }

    private DataFile copy(Attempts.Attempt attempt, DataFile file) {
        String name = "part-" + UUID.randomUUID() + ".parquet";
        int slash = file.path().startsWith("/") ? -1 : file.path().lastIndexOf('/');
        String path = file.path().substring(0, slash + 1) + name;
        Path to = target.root().resolve(path);
        attempt.stageAcross(List.of(to));
        try {
            Path folder = to.getParent();
            if (folder != null && folders.add(folder)) {
                Files.createDirectories(folder);
                requireInside(folder);
            }
            Files.copy(source.scan().locate(file), to);
            if (Files.size(to) != file.fileBytes()) {
                throw new LakeException(
                        ErrorCode.DATA_FILE_CORRUPT,
                        "a file of the source has another length than its log says",
                        Map.of("path", file.location(), "expected", file.fileBytes(), "found", Files.size(to)));
            }
        } catch (NoSuchFileException e) {
            throw new LakeException(
                    ErrorCode.DATA_FILE_MISSING,
                    "the source's version needs a data file that is gone",
                    Map.of("file", file.location(), "version", source.version()),
                    e);
        } catch (IOException e) {
            throw StorageErrors.of("a data file can't be copied", file.location(), e);
        }
        bytes += file.fileBytes();
        return new DataFile(
                path,
                to,
                file.partitionValues(),
                file.fileBytes(),
                file.modificationTime(),
                file.statistics(),
                Optional.empty(),
                file.tags(),
                Optional.empty());
    }

    /** A link in the table's folder must not make a copy come to stand elsewhere. */
    private void requireInside(Path folder) {
        if (!FileRoots.real(folder).startsWith(FileRoots.real(target.root()))) {
            throw new LakeException(
                    ErrorCode.PATH_OUTSIDE_TABLE,
                    "a folder of the table is a link to elsewhere",
                    Map.of("path", folder, "table", target));
        }
    }
}
