package io.lakeops.ingest;

import io.lakeops.context.LakeEvent;
import io.lakeops.context.Run;
import io.lakeops.error.StorageErrors;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the rows of a source that is put in by key wait for their upsert: a folder of its own, because they are not yet
 * data files of the table. Rows that are appended are written where they stay.
 */
final class StagingFolder implements AutoCloseable {
    private final Source source;
    private final Run run;
    private @Nullable Path folder;

    StagingFolder(Source source, Run run) {
        this.source = source;
        this.run = run;
    }

    Path root(Snapshot base) {
        if (source.apply().isEmpty()) {
            return base.location().root();
        }
        try {
            Path made = Files.createTempDirectory("lakeops-staged");
            folder = made;
            return made;
        } catch (IOException e) {
            throw StorageErrors.of(
                    "can't make a staging folder", base.location().root(), e);
        }
    }

    /** The table's columns, and the control column where there is one. */
    Schema schema(Schema table) {
        Optional<Field> control = source.apply().flatMap(a -> source.columns().find(a.control()));
        if (control.isEmpty()) {
            return table;
        }
        List<Field> fields = new ArrayList<>(table.fields());
        fields.add(control.get());
        return new Schema(fields);
    }

    @Override
    public void close() {
        if (folder == null) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            run.context()
                    .listener()
                    .on(new LakeEvent.Warning(
                            folder.toString(), "a staging folder could not be deleted: " + e.getMessage()));
        }
    }
}
