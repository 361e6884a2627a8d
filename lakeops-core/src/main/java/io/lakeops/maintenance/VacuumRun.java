package io.lakeops.maintenance;

import io.lakeops.context.LakeEvent;
import io.lakeops.context.Run;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import io.lakeops.table.Attempts;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.Isolation;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Operation;
import io.lakeops.table.Reads;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One run of VACUUM: start in the history, a second look at every file, delete, end in the history. */
final class VacuumRun {
    /** After so many files the log is asked again whether a commit landed. */
    private static final int BATCH = 500;

    private final MaintenancePlan plan;
    private final LakeTable table;
    private final Run run;
    private final Instant begun;
    private final Instant cutoff;
    private long filesDeleted;
    private long bytesDeleted;

    VacuumRun(MaintenancePlan plan, LakeTable table, Run run) {
        this.plan = plan;
        this.table = table;
        this.run = run;
        this.begun = run.context().clock().instant();
        this.cutoff = Instant.parse(detail(Vacuum.CUTOFF));
    }

    MaintenanceResult execute() {
        Snapshot before = table.snapshot(SnapshotSelector.latest());
        checkRetention(before);
        commit(started());
        try {
            delete();
        } catch (LakeException failure) {
            try {
                commit(ended("FAILED"));
            } catch (LakeException unwritten) {
                failure.addSuppressed(unwritten);
            }
            throw failure;
        }
        long version = commit(ended("COMPLETED"));
        MaintenanceResult.FileSizes sizes =
                MaintenanceResult.FileSizes.of(before.scan().files());
        Map<String, String> metrics = new LinkedHashMap<>();
        metrics.put("numDeletedFiles", Long.toString(filesDeleted));
        metrics.put("numVacuumedDirectories", detail(Vacuum.FOLDERS_LISTED));
        return new MaintenanceResult(
                plan.action(),
                plan.table(),
                true,
                version,
                0,
                filesDeleted,
                0,
                bytesDeleted,
                Long.parseLong(detail(Vacuum.FILES_LISTED)) - filesDeleted,
                0,
                0,
                sizes,
                sizes,
                Duration.between(begun, run.context().clock().instant()),
                metrics);
    }

    /** The plan may be old, or edited: what the table asks for now is what counts. */
    private void checkRetention(Snapshot now) {
        Duration own = Retention.of(now);
        Duration planned = Duration.between(cutoff, begun);
        if (!Boolean.parseBoolean(detail(Vacuum.ALLOW_SHORT)) && planned.compareTo(own) < 0) {
            throw new LakeException(
                    ErrorCode.RETENTION_TOO_SHORT,
                    "the plan deletes files up to " + cutoff + ", inside the retention of " + own.toHours() + " hours",
                    Map.of("table", table.id()));
        }
    }

    private void delete() {
        List<MaintenancePlan.Item> items = plan.files();
        Protected keep = Protected.read(table, cutoff, Boolean.parseBoolean(detail(Vacuum.LINKS)));
        Path root = table.location().root();
        Path realRoot = Listing.real(root);
        for (int i = 0; i < items.size(); i++) {
            if (i % BATCH == 0) {
                run.cancellation().check();
                if (i > 0 && table.versions().latest() != keep.newestVersion()) {
                    keep = Protected.read(table, cutoff, Boolean.parseBoolean(detail(Vacuum.LINKS)));
                }
            }
            MaintenancePlan.Item item = items.get(i);
            Path file = realRoot.resolve(item.path()).normalize();
            if (!keep.contains(item.path()) && file.startsWith(realRoot) && stillOld(realRoot, file)) {
                delete(file, item);
            }
            if ((i + 1) % BATCH == 0 || i + 1 == items.size()) {
                run.context()
                        .listener()
                        .on(new LakeEvent.Progress("vacuum", plan.table(), i + 1L, items.size(), "files"));
            }
        }
    }

    /** Whether the file is still what was planned: a regular file below the table, reached through no link, and old. */
    private boolean stillOld(Path realRoot, Path file) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile()
                    && attributes.lastModifiedTime().toInstant().isBefore(cutoff)
                    && file.toRealPath().startsWith(realRoot);
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException e) {
            throw StorageErrors.of("can't look at a file that is to be deleted", file, e);
        }
    }

    private void delete(Path file, MaintenancePlan.Item item) {
        try {
            if (Files.deleteIfExists(file)) {
                filesDeleted++;
                bytesDeleted += item.fileBytes();
            }
        } catch (IOException e) {
            throw StorageErrors.of("can't delete the file", file, e);
        }
    }

    private Operation started() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("retentionCheckEnabled", Boolean.toString(!Boolean.parseBoolean(detail(Vacuum.ALLOW_SHORT))));
        parameters.put("defaultRetentionMillis", detail(Vacuum.TABLE_RETENTION_MILLIS));
        if (Boolean.parseBoolean(detail(Vacuum.SPECIFIED))) {
            parameters.put("specifiedRetentionMillis", detail(Vacuum.RETAIN_MILLIS));
        }
        Map<String, String> metrics = new LinkedHashMap<>();
        metrics.put("numFilesToDelete", Integer.toString(plan.files().size()));
        metrics.put("sizeOfDataToDelete", Long.toString(plan.fileBytes()));
        return new Operation("VACUUM START", parameters, metrics);
    }

    private Operation ended(String status) {
        Map<String, String> metrics = new LinkedHashMap<>();
        metrics.put("numDeletedFiles", Long.toString(filesDeleted));
        metrics.put("numVacuumedDirectories", detail(Vacuum.FOLDERS_LISTED));
        return new Operation("VACUUM END", Map.of("status", status), metrics);
    }

    private long commit(Operation operation) {
        CommitSpec spec =
                CommitSpec.of(operation, new Reads.Nothing(), List.of()).withIsolation(Isolation.SNAPSHOT);
        CommitResult result = Attempts.run(table, operation.name(), run, attempt -> attempt.commit(spec));
        return ((CommitResult.Committed) result).version();
    }

    private String detail(String name) {
        return Objects.requireNonNull(plan.details().get(name), name);
    }
}
