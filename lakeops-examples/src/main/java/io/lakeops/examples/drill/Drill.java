package io.lakeops.examples.drill;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.report.Deliverable;
import io.lakeops.report.OperationsReport;
import io.lakeops.report.OperationsReport.Fact;
import io.lakeops.report.Scenario;
import io.lakeops.report.Section;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the scenarios in order and collects the report. A scenario that breaks is one whose expectation did not hold; the
 * next ones run.
 *
 * <p>Errors: INVALID_ARGUMENT where the folder holds what no drill made.
 *
 * <p>Threads: for one thread.
 */
public final class Drill {
    private final Host host;
    private final Layout layout;
    private final String scale;
    private final LakeContext context;

    public Drill(Host host, Layout layout, String scale, LakeContext context) {
        this.host = host;
        this.layout = layout;
        this.scale = scale;
        this.context = context;
    }

    /** Plays everything from an empty folder on. */
    public OperationsReport run() {
        layout.clear();
        List<Step> steps = new RetailScenarios(scale).steps();
        Map<Deliverable, List<Scenario>> played = new EnumMap<>(Deliverable.class);
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            context.listener().on(new LakeEvent.Progress("drill", step.title(), i + 1, steps.size(), "scenarios"));
            played.computeIfAbsent(step.part(), p -> new ArrayList<>()).add(play(step));
        }
        List<Section> sections = new ArrayList<>();
        for (Deliverable part : Deliverable.values()) {
            List<Scenario> scenarios = played.getOrDefault(part, List.of());
            sections.add(new Section(
                    part,
                    List.of(),
                    scenarios,
                    scenarios.isEmpty() ? List.of("Nothing is shown here yet.") : List.of()));
        }
        return new OperationsReport(
                "Operations of the retail lake",
                List.of(),
                context.clock().instant(),
                List.of(
                        new Fact("scale", scale),
                        new Fact("Java", Runtime.version().toString())),
                sections);
    }

    private Scenario play(Step step) {
        Scene scene = new Scene(host, layout, context.clock());
        Instant begin = context.clock().instant();
        try {
            step.play().on(scene);
        } catch (SQLException | RuntimeException e) {
            scene.expect("the scenario runs to its end", false, String.valueOf(e.getMessage()));
        }
        return new Scenario(
                step.id(),
                step.title(),
                step.story(),
                scene.evidence(),
                scene.expectations(),
                Duration.between(begin, context.clock().instant()));
    }
}
