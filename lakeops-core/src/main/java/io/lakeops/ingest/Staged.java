package io.lakeops.ingest;

import io.lakeops.context.LakeEvent;
import io.lakeops.context.Run;
import io.lakeops.engine.WrittenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;

/** Data files that are written and not committed. */
final class Staged {
    private Staged() {}

    /** Deletes files that no commit names; what can't be deleted is left for VACUUM and said. */
    static void delete(Collection<WrittenFile> files, Run run) {
        for (WrittenFile file : files) {
            try {
                Files.deleteIfExists(file.location());
            } catch (IOException e) {
                run.context()
                        .listener()
                        .on(new LakeEvent.Warning(
                                file.path(), "a staged file could not be deleted and is left for VACUUM: " + e));
            }
        }
    }
}
