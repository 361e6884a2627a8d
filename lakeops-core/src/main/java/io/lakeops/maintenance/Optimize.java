package io.lakeops.maintenance;

import com.google.auto.service.AutoService;
import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TargetFileSize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Packs small data files of a partition into files near the target size, and takes deleted rows out for good.
 *
 * <p>Files are packed in the order in which they came, so rows keep their order. A file that an earlier run packed to the
 * same size is packed again only together with one that is new, so a second run with nothing new commits nothing. The
 * commit changes no row ({@code dataChange=false}) and tolerates whatever does not touch its files: it is put on top of
 * the commits since, without the groups that lost a file.
 *
 * <p>Options: {@code target}, a file size such as {@code 128mb}; {@code verify}, true to compare a hash over all rows
 * before and after.
 *
 * <p>Threads: safe.
 */
@AutoService(MaintenanceAction.class)
public final class Optimize implements MaintenanceAction {
    /** The tag of files that were packed, with the target size in bytes. */
    static final String TAG = "lakeops.optimized";

    static final String TARGET = "target";
    static final String VERIFY = "verify";
    static final String WHERE = "where";
    /** One group's inputs are listed in one request to the engine. */
    private static final int MOST_FILES_IN_A_GROUP = 10_000;

    /**
     * What to pack, and to which size.
     *
     * @param where a condition on partition columns, wholly said by its predicate
     * @param targetFileBytes else as {@link TargetFileSize} has it
     * @param verify whether a hash over all rows is compared before the commit
     */
    public record Request(Optional<Expr> where, OptionalLong targetFileBytes, boolean verify) {
        /** All partitions, to the table's own target size. */
        public static Request standard() {
            return new Request(Optional.empty(), OptionalLong.empty(), false);
        }

        public Request withWhere(Expr condition) {
            return new Request(Optional.of(condition), targetFileBytes, verify);
        }

        public Request withTargetFileBytes(long bytes) {
            return new Request(where, OptionalLong.of(bytes), verify);
        }

        public Request withVerify() {
            return new Request(where, targetFileBytes, true);
        }
    }

    @Override
    public String name() {
        return "optimize";
    }

    @Override
    public MaintenancePlan plan(LakeTable table, Map<String, String> options, Run run) {
        Options.check(name(), options, List.of(TARGET, VERIFY));
        String target = options.get(TARGET);
        return plan(
                table,
                new Request(
                        Optional.empty(),
                        target == null ? OptionalLong.empty() : OptionalLong.of(TargetFileSize.parse(target)),
                        Options.flag(options, VERIFY)),
                run);
    }

    /** What is to be packed, on the newest version. */
    public MaintenancePlan plan(LakeTable table, Request request, Run run) {
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        long target = request.targetFileBytes().isPresent()
                ? request.targetFileBytes().getAsLong()
                : TargetFileSize.of(base);
        if (target <= 0) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, "the target size must be positive, not " + target + " bytes");
        }
        List<DataFile> files = base.scan().files();
        if (request.where().isPresent()) {
            PartitionFilter filter =
                    new PartitionFilter(base, request.where().get().predicate());
            files = files.stream().filter(filter::accepts).toList();
        }
        Map<String, String> details = new LinkedHashMap<>();
        details.put(TARGET, Long.toString(target));
        details.put(VERIFY, Boolean.toString(request.verify()));
        request.where().ifPresent(w -> details.put(WHERE, w.text()));
        return new MaintenancePlan(
                name(),
                table.id().toString(),
                base.version(),
                run.context().clock().instant(),
                details,
                groups(base, files, target));
    }

    @Override
    public MaintenanceResult run(MaintenancePlan plan, LakeTable table, Session session, Run run) {
        if (!plan.action().equals(name())) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "this is a plan of " + plan.action());
        }
        return new OptimizeRun(plan, table, session, run).execute();
    }

    private static List<MaintenancePlan.Group> groups(Snapshot base, List<DataFile> files, long target) {
        Map<Map<String, @Nullable String>, List<DataFile>> byPartition = new LinkedHashMap<>();
        files.stream()
                .filter(f -> f.fileBytes() < target || f.deletionVector().isPresent())
                .sorted(Comparator.comparingLong(DataFile::modificationTime).thenComparing(DataFile::path))
                .forEach(f -> byPartition
                        .computeIfAbsent(f.partitionValues(), p -> new ArrayList<>())
                        .add(f));
        List<MaintenancePlan.Group> groups = new ArrayList<>();
        byPartition.forEach((partition, candidates) -> {
            String label = label(base.partitionColumns(), partition);
            List<DataFile> bin = new ArrayList<>();
            long bytes = 0;
            for (DataFile file : candidates) {
                if (!bin.isEmpty() && (bytes + file.fileBytes() > target || bin.size() == MOST_FILES_IN_A_GROUP)) {
                    add(groups, label, bin, target);
                    bin = new ArrayList<>();
                    bytes = 0;
                }
                bin.add(file);
                bytes += file.fileBytes();
            }
            add(groups, label, bin, target);
        });
        return groups;
    }

    private static void add(List<MaintenancePlan.Group> groups, String label, List<DataFile> bin, long target) {
        boolean purge = bin.stream().anyMatch(f -> f.deletionVector().isPresent());
        boolean pack = bin.size() > 1 && bin.stream().anyMatch(f -> !packed(f, target));
        if (purge || pack) {
            groups.add(new MaintenancePlan.Group(
                    label,
                    bin.stream()
                            .map(f -> new MaintenancePlan.Item(
                                    f.path(),
                                    f.fileBytes(),
                                    f.liveRows(),
                                    f.modificationTime(),
                                    f.deletionVector().isPresent() ? "deleted rows" : "small"))
                            .toList()));
        }
    }

    /** Whether an earlier run packed the file, to a size not far below this target. */
    private static boolean packed(DataFile file, long target) {
        String tag = file.tags().get(TAG);
        return tag != null && tag.matches("[0-9]{1,18}") && Long.parseLong(tag) > target / 2;
    }

    static String label(List<String> columns, Map<String, @Nullable String> partition) {
        List<String> parts = new ArrayList<>();
        for (String column : columns) {
            parts.add(column + "=" + Objects.requireNonNullElse(partition.get(column), "null"));
        }
        return String.join("/", parts);
    }
}
