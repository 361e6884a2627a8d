package io.lakeops.quality;

import io.lakeops.check.CheckPlan;
import io.lakeops.check.Measure;
import io.lakeops.check.Probe;
import io.lakeops.check.StatisticsRule;
import io.lakeops.context.Cancellation;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MeasureRequest;
import io.lakeops.engine.MeasureRequest.Aggregate;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Rows;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.Predicate;
import io.lakeops.table.Snapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Measures the rows of one target that one condition leaves: from the log what it proves, then the files that are left, in
 * one pass for all measures.
 */
final class MeasurePass {
    private final Session session;
    private final Cancellation cancellation;
    private final CheckTarget target;
    private final Optional<Expr> where;
    /** The files that may hold rows under check; empty for a target without files. */
    private final List<DataFile> files;

    MeasurePass(Session session, Cancellation cancellation, CheckTarget target, Optional<Expr> where) {
        this.session = session;
        this.cancellation = cancellation;
        this.target = target;
        this.where = where;
        this.files = target instanceof CheckTarget.AtVersion table
                ? table.snapshot()
                        .scan()
                        .where(where.map(Expr::predicate).orElse(Predicate.always()))
                        .files()
                : List.of();
    }

    /**
     * A measure's value.
     *
     * @param scanned whether files were read for it
     */
    record Measured(@Nullable Object value, boolean scanned) {}

    /**
     * What a pass found.
     *
     * @param filesRead by the scan, if there was one
     */
    record Found(Map<Measure, Measured> values, List<DataFile> filesRead) {}

    /** All rows under check. */
    Relation rows() {
        return target instanceof CheckTarget.AtVersion table
                ? over(table.snapshot(), files)
                : filtered(((CheckTarget.Unversioned) target).rows());
    }

    /** The rows under check in some files only. */
    Relation.TableRows unfiltered(Snapshot snapshot, Predicate predicate) {
        return new Relation.TableRows(
                snapshot,
                snapshot.scan()
                        .where(where.map(Expr::predicate)
                                .orElse(Predicate.always())
                                .and(predicate))
                        .files());
    }

    List<DataFile> files() {
        return files;
    }

    Found measure(Collection<Measure> wanted) {
        if (!(target instanceof CheckTarget.AtVersion table)) {
            Map<Measure, Measured> values = new LinkedHashMap<>();
            scan(rows(), wanted).forEach((measure, value) -> values.put(measure, new Measured(value, true)));
            return new Found(values, List.of());
        }
        return fromTable(table.snapshot(), wanted);
    }

    /** The aggregates of a query over the rows under check and others, by name. */
    Map<String, @Nullable Object> probe(Probe probe, Map<String, Relation> references) {
        Map<String, Relation> inputs = new LinkedHashMap<>();
        inputs.put(CheckPlan.THIS, rows());
        inputs.putAll(references);
        Rows row = session.measure(
                new MeasureRequest(new Relation.Derived(probe.query(), inputs), probe.aggregates()), cancellation);
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        probe.aggregates().forEach(aggregate -> values.put(aggregate.name(), row.value(0, aggregate.name())));
        return values;
    }

    private Found fromTable(Snapshot snapshot, Collection<Measure> wanted) {
        LogAnswers log = new LogAnswers(snapshot);
        Map<Measure, Measured> values = new LinkedHashMap<>();
        Map<Measure, Map<DataFile, LogAnswers.Answer>> proven = new LinkedHashMap<>();
        Set<DataFile> left = new LinkedHashSet<>();
        List<Measure> open = new ArrayList<>();
        for (Measure measure : new LinkedHashSet<>(wanted)) {
            if (measure.fromLog().orElse(null) instanceof StatisticsRule.Stated stated) {
                Optional<Object> answer = where.isPresent() ? Optional.empty() : stated.answer(snapshot);
                if (answer.isPresent()) {
                    values.put(measure, new Measured(answer.get(), false));
                    continue;
                }
                requireAggregate(measure);
            }
            Map<DataFile, LogAnswers.Answer> answers = answers(log, measure);
            proven.put(measure, answers);
            if (answers.size() == files.size()) {
                values.put(measure, new Measured(merged(measure, answers.values(), Optional.empty()), false));
            } else {
                open.add(measure);
                files.stream().filter(file -> !answers.containsKey(file)).forEach(left::add);
            }
        }
        if (open.isEmpty()) {
            return new Found(values, List.of());
        }
        List<DataFile> read = files.stream().filter(left::contains).toList();
        Map<Measure, @Nullable Object> scanned = scan(over(snapshot, read), open);
        for (Measure measure : open) {
            List<LogAnswers.Answer> outside = new ArrayList<>();
            proven.getOrDefault(measure, Map.of()).forEach((file, answer) -> {
                if (!left.contains(file)) {
                    outside.add(answer);
                }
            });
            values.put(
                    measure, new Measured(merged(measure, outside, Optional.ofNullable(scanned.get(measure))), true));
        }
        return new Found(values, read);
    }

    /** What the log proves of each file. A condition on rows leaves only the proof that nothing counts. */
    private Map<DataFile, LogAnswers.Answer> answers(LogAnswers log, Measure measure) {
        Map<DataFile, LogAnswers.Answer> answers = new LinkedHashMap<>();
        if (measure.fromLog().isPresent()
                && (where.isEmpty() || measure.fromLog().get() instanceof StatisticsRule.NothingOutside)) {
            for (DataFile file : files) {
                log.of(measure.fromLog().get(), file).ifPresent(answer -> answers.put(file, answer));
            }
        }
        return answers;
    }

    private static @Nullable Object merged(
            Measure measure, Collection<LogAnswers.Answer> proven, Optional<Object> scanned) {
        List<@Nullable Object> parts = new ArrayList<>();
        proven.forEach(answer -> parts.add(answer.value()));
        scanned.ifPresent(parts::add);
        Object merged = Merging.merge(measure.merge(), parts);
        boolean counts = measure.fromLog().orElse(null) instanceof StatisticsRule.NothingOutside;
        return merged == null && counts ? (Object) 0L : merged;
    }

    private Map<Measure, @Nullable Object> scan(Relation rows, Collection<Measure> measures) {
        Map<Measure, String> names = new LinkedHashMap<>();
        Map<Expr, String> expressions = new LinkedHashMap<>();
        List<Aggregate> aggregates = new ArrayList<>();
        for (Measure measure : new LinkedHashSet<>(measures)) {
            Expr expression = requireAggregate(measure);
            String name = expressions.computeIfAbsent(expression, e -> {
                String fresh = "m" + aggregates.size();
                aggregates.add(new Aggregate(fresh, e));
                return fresh;
            });
            names.put(measure, name);
        }
        Map<Measure, @Nullable Object> values = new LinkedHashMap<>();
        if (!aggregates.isEmpty()) {
            Rows row = session.measure(new MeasureRequest(rows, aggregates), cancellation);
            names.forEach((measure, name) -> values.put(measure, row.value(0, name)));
        }
        return values;
    }

    private Expr requireAggregate(Measure measure) {
        return measure.aggregate()
                .orElseThrow(() -> new LakeException(
                        ErrorCode.FEATURE_UNSUPPORTED,
                        "the measure '" + measure.name() + "' is told by a table's log alone, "
                                + (target instanceof CheckTarget.AtVersion
                                        ? "and this log, under this condition, does not tell it"
                                        : "and these rows have no log")));
    }

    private Relation over(Snapshot snapshot, List<DataFile> some) {
        return filtered(new Relation.TableRows(snapshot, some));
    }

    private Relation filtered(Relation relation) {
        return where.isPresent() ? new Relation.Filtered(relation, where.get()) : relation;
    }
}
