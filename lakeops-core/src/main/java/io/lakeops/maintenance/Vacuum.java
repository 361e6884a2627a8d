package io.lakeops.maintenance;

import com.google.auto.service.AutoService;
import io.lakeops.context.LakeEvent;
import io.lakeops.context.Run;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Deletes files below a table's folder that no version inside the retention names.
 *
 * <p>A file goes only if it is older than the retention, no commit since then names it, the newest version does not, and
 * both still hold on a second look just before it is deleted. Files that writers in flight have staged are young, and
 * stay. Folders stay, even where they become empty: another writer may be about to write into them. The history gets
 * {@code VACUUM START} before the first file goes and {@code VACUUM END} after the last.
 *
 * <p>Options: {@code retainHours}; {@code allowShortRetention}, true to go below the table's own retention.
 *
 * <p>Errors: RETENTION_TOO_SHORT.
 *
 * <p>Threads: safe.
 *
 * <p>Source: Delta protocol, "VACUUM protocol check": a format refuses the first commit of a table whose features it can't
 * write, before any file goes.
 */
@AutoService(MaintenanceAction.class)
public final class Vacuum implements MaintenanceAction {
    static final String RETAIN_HOURS = "retainHours";
    static final String ALLOW_SHORT = "allowShortRetention";
    static final String RETAIN_MILLIS = "retainMillis";
    static final String SPECIFIED = "retentionSpecified";
    static final String TABLE_RETENTION_MILLIS = "tableRetentionMillis";
    static final String CUTOFF = "cutoff";
    static final String FILES_LISTED = "filesListed";
    static final String FOLDERS_LISTED = "foldersListed";
    static final String LINKS = "symbolicLinks";
    static final String LOG_COMPLETE = "logReachesCutoff";

    /**
     * How long to keep what.
     *
     * @param retain else as {@link Retention} has it
     * @param allowShortRetention whether it may be below the table's own retention
     */
    public record Request(Optional<Duration> retain, boolean allowShortRetention) {
        /** The table's own retention. */
        public static Request standard() {
            return new Request(Optional.empty(), false);
        }

        public static Request retaining(Duration retain) {
            return new Request(Optional.of(retain), false);
        }

        public Request allowingShortRetention() {
            return new Request(retain, true);
        }
    }

    @Override
    public String name() {
        return "vacuum";
    }

    @Override
    public MaintenancePlan plan(LakeTable table, Map<String, String> options, Run run) {
        Options.check(name(), options, List.of(RETAIN_HOURS, ALLOW_SHORT));
        String hours = options.get(RETAIN_HOURS);
        if (hours != null && !hours.matches("[0-9]{1,9}")) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, RETAIN_HOURS + " must be a number of hours, not '" + hours + "'");
        }
        Optional<Duration> retain = Optional.ofNullable(hours).map(h -> Duration.ofHours(Long.parseLong(h)));
        return plan(table, new Request(retain, Options.flag(options, ALLOW_SHORT)), run);
    }

    /** The files that would be deleted now, each with the reason. */
    public MaintenancePlan plan(LakeTable table, Request request, Run run) {
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        Duration own = Retention.of(base);
        Duration retain = request.retain().orElse(own);
        if (retain.isNegative()) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "the retention can't be negative: " + retain);
        }
        if (retain.compareTo(own) < 0 && !request.allowShortRetention()) {
            throw new LakeException(
                    ErrorCode.RETENTION_TOO_SHORT,
                    "retaining " + hours(retain) + " hours is less than the " + hours(own) + " hours that " + table.id()
                            + " keeps its removed files",
                    Map.of("retainHours", hours(retain), "tableRetentionHours", hours(own)));
        }
        Instant now = run.context().clock().instant();
        Instant cutoff = now.minus(retain);
        // Listing comes first: a file that is committed while we list is then named by the log that we read after it.
        Listing listing = Listing.of(base);
        Protected keep = Protected.read(table, cutoff, listing.links());
        if (!keep.complete()) {
            run.context()
                    .listener()
                    .on(new LakeEvent.Warning(
                            table.id().toString(),
                            "the log does not reach back to " + cutoff
                                    + ": files that were removed before it begins are told by their age alone"));
        }
        List<MaintenancePlan.Item> items = new ArrayList<>();
        for (Listing.Listed file : listing.files()) {
            if (file.modificationTime() < cutoff.toEpochMilli() && !keep.contains(file.path())) {
                items.add(new MaintenancePlan.Item(
                        file.path(),
                        file.fileBytes(),
                        OptionalLong.empty(),
                        file.modificationTime(),
                        "no version since " + cutoff + " names it"));
            }
        }
        items.sort(Comparator.comparing(MaintenancePlan.Item::path));
        Map<String, String> details = new LinkedHashMap<>();
        details.put(RETAIN_MILLIS, Long.toString(retain.toMillis()));
        details.put(SPECIFIED, Boolean.toString(request.retain().isPresent()));
        details.put(TABLE_RETENTION_MILLIS, Long.toString(own.toMillis()));
        details.put(ALLOW_SHORT, Boolean.toString(request.allowShortRetention()));
        details.put(CUTOFF, cutoff.toString());
        details.put(FILES_LISTED, Integer.toString(listing.files().size()));
        details.put(FOLDERS_LISTED, Long.toString(listing.folders()));
        details.put(LINKS, Boolean.toString(listing.links()));
        details.put(LOG_COMPLETE, Boolean.toString(keep.complete()));
        return new MaintenancePlan(
                name(),
                table.id().toString(),
                keep.newestVersion(),
                now,
                details,
                items.isEmpty() ? List.of() : List.of(new MaintenancePlan.Group("", items)));
    }

    @Override
    public MaintenanceResult run(MaintenancePlan plan, LakeTable table, Session session, Run run) {
        return run(plan, table, run);
    }

    /** Deletes what the plan says; needs no engine. */
    public MaintenanceResult run(MaintenancePlan plan, LakeTable table, Run run) {
        if (!plan.action().equals(name())) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "this is a plan of " + plan.action());
        }
        return new VacuumRun(plan, table, run).execute();
    }

    private static String hours(Duration duration) {
        return duration.toMinutes() % 60 == 0
                ? Long.toString(duration.toHours())
                : String.format(java.util.Locale.ROOT, "%.2f", duration.toMillis() / 3_600_000.0);
    }
}
