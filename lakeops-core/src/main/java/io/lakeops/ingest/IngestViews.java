package io.lakeops.ingest;

import io.lakeops.view.LakeView;
import java.util.List;

/** What ingestion tells of itself, as views that a SQL front mounts. */
public final class IngestViews {
    private IngestViews() {}

    /** {@code manifest_processed_files}: one row for each time a raw file was met. */
    public static List<LakeView> views() {
        return List.of(LedgerTable.MANIFEST_PROCESSED_FILES);
    }
}
