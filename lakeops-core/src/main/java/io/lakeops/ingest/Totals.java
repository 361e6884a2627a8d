package io.lakeops.ingest;

import io.lakeops.error.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds up what the batches of a run did. */
final class Totals {
    private final Source source;
    private final List<IngestResult.Batch> batches = new ArrayList<>();
    private final Map<String, IngestResult.Failure> failures = new LinkedHashMap<>();
    private final Map<String, Long> copies = new LinkedHashMap<>();
    private long same = -1;
    private long notArrived;

    Totals(Source source) {
        this.source = source;
    }

    /** Takes a listing's plan: what is known at the first look is what earlier runs had loaded. */
    void see(List<PlannedFile> plan) {
        if (same < 0) {
            same = plan.stream()
                    .filter(f -> f.state() == PlannedFile.State.SAME)
                    .count();
        }
        notArrived = plan.stream()
                .filter(f -> f.state() == PlannedFile.State.NOT_ARRIVED)
                .count();
        for (PlannedFile file : plan) {
            if (file.state() == PlannedFile.State.COPY) {
                copies.put(file.file().name(), file.knownRows());
            } else if (file.state() == PlannedFile.State.FAILED_BEFORE) {
                failures.putIfAbsent(
                        file.file().name(),
                        new IngestResult.Failure(
                                file.file().name(),
                                ErrorCode.SOURCE_UNREADABLE,
                                "it could not be loaded by an earlier run and has not changed since"));
            }
        }
    }

    void add(BatchCommit.Outcome outcome) {
        outcome.batch().ifPresent(batches::add);
        outcome.failures().forEach(f -> failures.put(f.file(), f));
    }

    IngestResult result() {
        return new IngestResult(
                source.name(),
                source.table().toString(),
                batches,
                List.copyOf(failures.values()),
                Math.max(0, same),
                copies.size(),
                notArrived,
                copies.values().stream().mapToLong(Long::longValue).sum());
    }
}
