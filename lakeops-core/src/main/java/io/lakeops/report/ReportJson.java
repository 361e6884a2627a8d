package io.lakeops.report;

import io.lakeops.engine.Rows;
import io.lakeops.json.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An operations document as JSON, for programs.
 *
 * <p>Shape: the records of this package, members in snake_case; a piece of evidence says its {@code kind}.
 */
public final class ReportJson {
    private ReportJson() {}

    /** One JSON object. */
    public static String write(OperationsReport report) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("title", report.title());
        json.put("generated_at", report.generatedAt());
        json.put("holds", report.holds());
        json.put("summary", report.summary());
        json.put("facts", all(report.facts(), fact -> object("label", fact.label(), "value", fact.value())));
        json.put("sections", all(report.sections(), ReportJson::section));
        return Json.write(json);
    }

    private static Map<String, @Nullable Object> section(Section section) {
        return object(
                "deliverable", section.deliverable().name().toLowerCase(Locale.ROOT),
                "title", section.deliverable().title(),
                "introduction", section.introduction(),
                "scenarios", all(section.scenarios(), ReportJson::scenario),
                "thin", section.thin());
    }

    private static Map<String, @Nullable Object> scenario(Scenario scenario) {
        return object(
                "id", scenario.id(),
                "title", scenario.title(),
                "story", scenario.story(),
                "holds", scenario.holds(),
                "duration_ms", scenario.duration().toMillis(),
                "expectations",
                        all(
                                scenario.expectations(),
                                e -> object("text", e.text(), "held", e.held(), "observed", e.observed())),
                "evidence", all(scenario.evidence(), ReportJson::evidence));
    }

    private static Map<String, @Nullable Object> evidence(Evidence evidence) {
        if (evidence instanceof Evidence.Statement statement) {
            return object(
                    "kind", "statement",
                    "title", statement.title(),
                    "sql", statement.sql(),
                    "columns", statement.result().columns(),
                    "rows", rows(statement.result()),
                    "total_rows", statement.totalRows(),
                    "took_ms", statement.took().toMillis());
        }
        if (evidence instanceof Evidence.Listing listing) {
            return object(
                    "kind", "listing",
                    "title", listing.title(),
                    "columns", listing.rows().columns(),
                    "rows", rows(listing.rows()));
        }
        if (evidence instanceof Evidence.BeforeAfter change) {
            return object(
                    "kind", "before_after",
                    "title", change.title(),
                    "changes",
                            all(
                                    change.changes(),
                                    c -> object(
                                            "label", c.label(),
                                            "unit", unit(c.unit()),
                                            "before", c.before(),
                                            "after", c.after())));
        }
        if (evidence instanceof Evidence.Figures figures) {
            return object(
                    "kind", "figures",
                    "title", figures.title(),
                    "figures",
                            all(
                                    figures.figures(),
                                    f -> object("label", f.label(), "unit", unit(f.unit()), "value", f.value())));
        }
        if (evidence instanceof Evidence.Transcript transcript) {
            return object(
                    "kind", "transcript",
                    "title", transcript.title(),
                    "command", transcript.command(),
                    "output", transcript.output());
        }
        return object("kind", "note", "text", ((Evidence.Note) evidence).text());
    }

    private static List<List<@Nullable Object>> rows(Rows rows) {
        List<List<@Nullable Object>> plain = new ArrayList<>();
        for (List<@Nullable Object> row : rows.rows()) {
            List<@Nullable Object> values = new ArrayList<>();
            for (Object value : row) {
                values.add(value instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : value);
            }
            plain.add(values);
        }
        return plain;
    }

    private static String unit(Evidence.Unit unit) {
        return unit.name().toLowerCase(Locale.ROOT);
    }

    private static <T> List<Map<String, @Nullable Object>> all(
            List<T> items, Function<T, Map<String, @Nullable Object>> json) {
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        items.forEach(item -> list.add(json.apply(item)));
        return list;
    }

    private static Map<String, @Nullable Object> object(Object... pairs) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
