package io.lakeops.bench;

import io.lakeops.Lake;
import io.lakeops.context.LakeContext;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.FileStatistics;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Operation;
import io.lakeops.table.Schema;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.table.TableSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A log of many commits: how long it takes to load and list it, and to commit to it.
 *
 * <p>The commits are written as the text of blind appends, because making them one by one would measure the disk; the files that
 * they name stand, and are empty. Commits that are measured are real ones.
 */
final class LogWorkload {
    private static final int MEASURED_COMMITS = 20;
    private static final int MEASURED_LISTINGS = 9;
    private static final TableId ID = new TableId("bronze", "events");
    private static final Schema EVENTS = Schema.of(
            Field.of("id", Primitive.LONG), Field.of("name", Primitive.STRING), Field.of("day", Primitive.DATE));

    private final Path root;
    private final int commits;
    private final int filesPerCommit;
    private final LakeContext context = LakeContext.standard();

    LogWorkload(Path dir, int commits, int filesPerCommit) {
        this.root = dir.resolve("log-" + commits + "x" + filesPerCommit);
        this.commits = commits;
        this.filesPerCommit = filesPerCommit;
    }

    /**
     * What was measured, in seconds.
     *
     * @param listing of all files without a checkpoint, the snapshot's load included, by a fresh handle
     * @param checkpointed the same with a checkpoint: the median of several fresh handles
     * @param checkpoint writing it
     * @param first the median of the first commits of a new table
     * @param later the median of as many commits to the long log, checkpoints included
     */
    record Round(long files, double listing, double checkpoint, double checkpointed, double first, double later) {}

    Round round(int number) throws IOException {
        double first;
        try (Lake lake = Lake.open(root.resolve("new-" + number), context)) {
            first = medianOfCommits(lake.create(ID, TableSpec.of(EVENTS)));
        }
        Path home = root.resolve("round-" + number);
        make(home);
        // A handle's first use opens the reader of logs: that is the engine's start, and not the log's.
        try (Lake lake = Lake.open(home, context)) {
            double listing = seconds(() -> files(lake));
            double checkpoint =
                    seconds(() -> lake.table(ID).upkeep().orElseThrow().checkpoint());
            long files = files(lake);
            double checkpointed = median(MEASURED_LISTINGS, () -> files(lake));
            double later = medianOfCommits(lake.table(ID));
            return new Round(files, listing, checkpoint, checkpointed, first, later);
        }
    }

    /** Loads and lists, and looks at every file: one that is only made when it is looked at counts too. */
    private static long files(Lake lake) {
        List<DataFile> files =
                lake.table(ID).snapshot(SnapshotSelector.latest()).scan().files();
        long named = files.stream()
                .filter(file -> file.fileBytes() == 0
                        && file.location().getNameCount() > 0
                        && file.path().endsWith(".parquet"))
                .count();
        if (named != files.size()) {
            throw new IllegalStateException("files that the workload did not make: " + (files.size() - named));
        }
        return named;
    }

    private double medianOfCommits(LakeTable table) throws IOException {
        double[] seconds = new double[MEASURED_COMMITS];
        for (int i = 0; i < seconds.length; i++) {
            List<DataFile> files = new ArrayList<>();
            for (int file = 0; file < filesPerCommit; file++) {
                long size = table.snapshot(SnapshotSelector.latest()).version();
                String path = "later-" + size + "-" + file + ".parquet";
                Path location = Files.createFile(table.location().root().resolve(path));
                files.add(new DataFile(
                        path,
                        location,
                        Map.of(),
                        0,
                        0,
                        Optional.of(new FileStatistics.Measured(0, Map.of())),
                        Optional.empty(),
                        Map.of(),
                        Optional.empty()));
            }
            Operation write = new Operation("WRITE", Map.of("mode", "Append"), Map.of());
            seconds[i] = seconds(
                    () -> table.commit(table.snapshot(SnapshotSelector.latest()), CommitSpec.append(write, files)));
        }
        return median(seconds);
    }

    private static double median(int times, Runnable work) {
        double[] seconds = new double[times];
        for (int i = 0; i < times; i++) {
            seconds[i] = seconds(work);
        }
        return median(seconds);
    }

    private static double median(double[] seconds) {
        Arrays.sort(seconds);
        return (seconds[(seconds.length - 1) / 2] + seconds[seconds.length / 2]) / 2;
    }

    /** Writes the log and the files. */
    private void make(Path home) throws IOException {
        Path table;
        try (Lake lake = Lake.open(home, context)) {
            table = lake.create(ID, TableSpec.of(EVENTS)).location().root();
        }
        for (int version = 1; version <= commits; version++) {
            StringBuilder text = new StringBuilder(
                    "{\"commitInfo\":{\"timestamp\":" + time(version)
                            + ",\"operation\":\"WRITE\",\"operationParameters\":{\"mode\":\"Append\"},\"isBlindAppend\":true}}\n");
            for (int i = 0; i < filesPerCommit; i++) {
                long row = ((long) version * filesPerCommit + i) * 100;
                String path = String.format(Locale.ROOT, "part-%05d-%08x-c000.snappy.parquet", i, row * 2_654_435_761L);
                Files.createFile(table.resolve(path));
                text.append(
                        "{\"add\":{\"path\":\"" + path + "\",\"partitionValues\":{},\"size\":0,\"modificationTime\":"
                                + time(version) + ",\"dataChange\":true,\"stats\":\"" + statistics(row) + "\"}}\n");
            }
            Files.writeString(table.resolve(String.format(Locale.ROOT, "_delta_log/%020d.json", version)), text);
        }
    }

    private static long time(int version) {
        return 1_700_000_000_000L + version * 1_000L;
    }

    private static String statistics(long row) {
        return ("{'numRecords':100,'minValues':{'id':" + row + ",'name':'customer " + row
                        + "','day':'2024-01-01'},'maxValues':{'id':" + (row + 99) + ",'name':'customer " + (row + 99)
                        + "','day':'2024-12-31'},'nullCount':{'id':0,'name':0,'day':0}}")
                .replace("'", "\\\"");
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }
}
