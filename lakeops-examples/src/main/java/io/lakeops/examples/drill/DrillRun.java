package io.lakeops.examples.drill;

import io.lakeops.context.LakeContext;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import io.lakeops.examples.generate.Run;
import io.lakeops.report.Deliverable;
import io.lakeops.report.OperationsReport;
import io.lakeops.report.Scenario;
import io.lakeops.report.Section;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All scenarios in order, each with its evidence, as an operations report. */
public final class DrillRun {
    /**
     * Says that what stands beside it was made by a drill, so that the next drill may start afresh; a running drill has it
     * locked.
     */
    private static final String MARK = ".lakeops-drill";

    /** Of what the generator makes in a day, the history of returns needs some that are changed and some deleted. */
    private static final BigDecimal LEAST = new BigDecimal("0.01");

    private static final List<String> OURS =
            List.of("data_raw", "data_raw_increment", "lake", "duckdb", "operations.md", "operations.html");

    private final Path out;
    private final BigDecimal scale;
    private final Commands commands;
    private final LakeContext context;
    private final Consumer<Scenario> heard;
    private final Map<Deliverable, List<Scenario>> done = new EnumMap<>(Deliverable.class);

    /**
     * A drill.
     *
     * @param out where it plays: data_raw, lake, duckdb and the report are made there
     * @param heard is told of each scenario when it has ended
     */
    public DrillRun(Path out, BigDecimal scale, Commands commands, LakeContext context, Consumer<Scenario> heard) {
        this.out = out.toAbsolutePath().normalize();
        this.scale = scale;
        this.commands = commands;
        this.context = context;
        this.heard = heard;
    }

    /**
     * Runs it, on a folder without data or on one that a drill left behind.
     *
     * <p>Errors: INVALID_ARGUMENT where the scale is none, where the folder has data that no drill made, and where another
     * drill is running in it. Nothing has been touched then.
     */
    public OperationsReport run() {
        Run.requireScale(scale);
        if (scale.compareTo(LEAST) < 0) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the drill needs a scale of at least " + LEAST + ": with less, no day has returns that change",
                    Map.of("scale", scale));
        }
        requireOurs();
        try {
            Files.createDirectories(out);
            try (FileChannel mark =
                    FileChannel.open(out.resolve(MARK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                hold(mark);
                for (String name : OURS) {
                    delete(out.resolve(name));
                }
                return playAll();
            }
        } catch (IOException e) {
            throw StorageErrors.of("can't prepare the drill's folder", out, e);
        }
    }

    private OperationsReport playAll() {
        Stage stage = new Stage(out, commands, context);
        play(Deliverable.INCREMENTAL_RUNS, new IncrementalRuns(stage, scale, this::heard).run());
        TableHistory history = new TableHistory(stage);
        play(Deliverable.TIME_TRAVEL, history.timeTravel());
        play(Deliverable.SCHEMA_EVOLUTION, List.of(history.schema()));
        play(Deliverable.RECOVERY, history.recovery());
        play(Deliverable.QUALITY_MONITORING, new Monitoring(stage).run());
        Upkeep upkeep = new Upkeep(stage);
        play(Deliverable.PRUNING, List.of(upkeep.pruning()));
        play(Deliverable.BENCHMARKS, List.of(upkeep.optimize()));
        play(Deliverable.RETENTION, List.of(upkeep.vacuum()));
        return report();
    }

    private void play(Deliverable deliverable, List<Scenario> scenarios) {
        if (deliverable != Deliverable.INCREMENTAL_RUNS) {
            scenarios.forEach(this::heard);
        }
        done.put(deliverable, scenarios);
    }

    private void heard(Scenario scenario) {
        heard.accept(scenario);
    }

    private void requireOurs() {
        if (Files.exists(out.resolve(MARK))) {
            return;
        }
        for (String name : OURS) {
            if (Files.exists(out.resolve(name))) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the drill would need '" + name + "' for itself, and what is there was made by no drill",
                        Map.of("out", out));
            }
        }
    }

    /** Until the channel is closed. */
    private void hold(FileChannel mark) throws IOException {
        try {
            if (mark.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            throw held(e);
        }
        throw held(null);
    }

    private LakeException held(@Nullable Exception cause) {
        return new LakeException(
                ErrorCode.INVALID_ARGUMENT, "another drill is running in this folder", Map.of("out", out), cause);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private OperationsReport report() {
        List<Section> sections = new ArrayList<>();
        for (Deliverable deliverable : Deliverable.values()) {
            sections.add(new Section(
                    deliverable,
                    Texts.introduction(deliverable),
                    done.getOrDefault(deliverable, List.of()),
                    Texts.thin(deliverable)));
        }
        return new OperationsReport(
                "LakeOps operations report",
                List.of(
                        "Every scenario below was run by ./lakeops drill on generated retail data, for real: the statements"
                                + " are those that were run, the rows those that they returned."),
                context.clock().instant(),
                List.of(
                        new OperationsReport.Fact("scale", scale.toPlainString()),
                        new OperationsReport.Fact("seed", "43"),
                        new OperationsReport.Fact("Java", Runtime.version().toString()),
                        new OperationsReport.Fact(
                                "processors",
                                Integer.toString(Runtime.getRuntime().availableProcessors()))),
                sections);
    }
}
