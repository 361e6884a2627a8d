package io.lakeops.ingest;

import java.util.List;

/** What a run would do, found from the listing and the ledger; a dry run shows it. */
public record IngestPlan(Source source, List<PlannedFile> files) {
    public IngestPlan {
        files = List.copyOf(files);
    }

    /** The files that a run would load. */
    public List<PlannedFile> toLoad() {
        return files.stream().filter(PlannedFile::loads).toList();
    }

    /** How many files are in a state. */
    public long count(PlannedFile.State state) {
        return files.stream().filter(f -> f.state() == state).count();
    }
}
