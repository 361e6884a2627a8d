package io.lakeops.report.pages;

import io.lakeops.engine.Rows;
import io.lakeops.report.Evidence;
import io.lakeops.report.OperationsReport;
import io.lakeops.report.Scenario;
import io.lakeops.report.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The operations document as GitHub's Markdown.
 *
 * <p>Shape: the same model gives the same text. Whatever comes from data is escaped, so that it shows as it is.
 */
public final class MarkdownPage {
    private static final Pattern FENCES = Pattern.compile("`{3,}");
    private static final Pattern SPECIAL =
            Pattern.compile("[\\\\`*{}\\[\\]|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|^[#+-]|(?<=^\\d{1,9})[.)]");

    private final StringBuilder out = new StringBuilder();

    private MarkdownPage() {}

    /** The whole page. */
    public static String of(OperationsReport report) {
        MarkdownPage page = new MarkdownPage();
        page.write(report);
        return page.out.toString();
    }

    private void write(OperationsReport report) {
        line("# " + text(report.title()));
        report.summary().forEach(paragraph -> paragraph(text(paragraph)));
        paragraph(verdict(report));
        List<List<String>> facts = new ArrayList<>();
        facts.add(List.of("Collected", report.generatedAt().toString()));
        report.facts().forEach(fact -> facts.add(List.of(text(fact.label()), text(fact.value()))));
        table(List.of("Run", ""), facts, List.of(false, false));
        line("## Summary");
        List<List<String>> summary = new ArrayList<>();
        for (Section section : report.sections()) {
            for (Scenario scenario : section.scenarios()) {
                long held = scenario.expectations().stream()
                        .filter(Scenario.Expectation::held)
                        .count();
                summary.add(List.of(
                        text(section.deliverable().title()),
                        "[" + text(scenario.title()) + "](#" + scenario.id() + ")",
                        held + " of " + scenario.expectations().size(),
                        Figures.duration(scenario.duration()),
                        badge(scenario)));
            }
        }
        table(
                List.of("Part", "Scenario", "Expectations held", "Took", "Result"),
                summary,
                List.of(false, false, true, true, false));
        report.sections().forEach(this::section);
    }

    private static String verdict(OperationsReport report) {
        int all = report.expectations().size();
        long held = report.expectations().stream()
                .filter(Scenario.Expectation::held)
                .count();
        return (report.holds() ? "\u2705 **Every expectation held**" : "\u274c **Not every expectation held**") + ": "
                + held + " of " + all + ".";
    }

    private static String badge(Scenario scenario) {
        if (scenario.expectations().isEmpty()) {
            return "\u2013";
        }
        return scenario.holds() ? "\u2705 held" : "\u274c failed";
    }

    private void section(Section section) {
        line("## " + text(section.deliverable().title()));
        section.introduction().forEach(paragraph -> paragraph(text(paragraph)));
        section.scenarios().forEach(this::scenario);
        if (section.scenarios().isEmpty()
                && section.introduction().isEmpty()
                && section.thin().isEmpty()) {
            paragraph("> **Thin:** nothing was run for this part.");
        }
        section.thin().forEach(thin -> paragraph("> **Thin:** " + text(thin)));
    }

    private void scenario(Scenario scenario) {
        line("<a id=\"" + scenario.id() + "\"></a>");
        line("### " + text(scenario.title()));
        scenario.story().forEach(paragraph -> paragraph(text(paragraph)));
        if (!scenario.expectations().isEmpty()) {
            table(
                    List.of("Expectation", "Observed", "Held"),
                    scenario.expectations().stream()
                            .map(e -> List.of(text(e.text()), text(e.observed()), e.held() ? "\u2705" : "\u274c"))
                            .toList(),
                    List.of(false, false, false));
        }
        scenario.evidence().forEach(this::evidence);
    }

    private void evidence(Evidence evidence) {
        if (evidence instanceof Evidence.Statement statement) {
            paragraph("**" + text(statement.title()) + "** (" + Figures.duration(statement.took()) + ")");
            fence("sql", statement.sql());
            rows(statement.result());
            int shown = statement.result().rows().size();
            if (statement.totalRows() == 0) {
                paragraph("No rows.");
            } else if (shown < statement.totalRows()) {
                paragraph("*" + shown + " of " + statement.totalRows() + " rows.*");
            }
        } else if (evidence instanceof Evidence.Listing listing) {
            paragraph("**" + text(listing.title()) + "**");
            rows(listing.rows());
        } else if (evidence instanceof Evidence.BeforeAfter change) {
            paragraph("**" + text(change.title()) + "**");
            table(
                    List.of("", "Before", "After", "Change"),
                    change.changes().stream()
                            .map(c -> List.of(
                                    text(c.label()),
                                    Figures.of(c.unit(), c.before()),
                                    Figures.of(c.unit(), c.after()),
                                    Figures.change(c.before(), c.after())))
                            .toList(),
                    List.of(false, true, true, true));
        } else if (evidence instanceof Evidence.Figures figures) {
            paragraph("**" + text(figures.title()) + "**");
            table(
                    List.of("", "Figure"),
                    figures.figures().stream()
                            .map(f -> List.of(text(f.label()), Figures.of(f.unit(), f.value())))
                            .toList(),
                    List.of(false, true));
        } else if (evidence instanceof Evidence.Transcript transcript) {
            paragraph("**" + text(transcript.title()) + "**");
            fence("console", "$ " + transcript.command() + "\n" + String.join("\n", transcript.output()));
        } else {
            paragraph(text(((Evidence.Note) evidence).text()));
        }
    }

    private void rows(Rows rows) {
        if (rows.columns().isEmpty()) {
            return;
        }
        List<Boolean> numeric = new ArrayList<>();
        for (int column = 0; column < rows.columns().size(); column++) {
            numeric.add(Columns.numeric(rows, column));
        }
        List<List<String>> cells = new ArrayList<>();
        for (List<@Nullable Object> row : rows.rows()) {
            cells.add(row.stream().map(value -> text(Figures.cell(value))).toList());
        }
        if (!cells.isEmpty()) {
            table(rows.columns().stream().map(MarkdownPage::text).toList(), cells, numeric);
        }
    }

    private void table(List<String> head, List<List<String>> rows, List<Boolean> right) {
        out.append("| ").append(String.join(" | ", head)).append(" |\n|");
        right.forEach(r -> out.append(r ? " ---: |" : " --- |"));
        out.append('\n');
        rows.forEach(row -> out.append("| ").append(String.join(" | ", row)).append(" |\n"));
        out.append('\n');
    }

    private void fence(String language, String body) {
        String fence = "```";
        Matcher matcher = FENCES.matcher(body);
        while (matcher.find()) {
            if (matcher.group().length() >= fence.length()) {
                fence = matcher.group() + "`";
            }
        }
        out.append(fence)
                .append(language)
                .append('\n')
                .append(body.strip())
                .append('\n')
                .append(fence)
                .append("\n\n");
    }

    private void paragraph(String text) {
        line(text);
    }

    private void line(String text) {
        out.append(text).append("\n\n");
    }

    /** Data as one line of Markdown that shows as it is. */
    private static String text(String raw) {
        String escaped = SPECIAL.matcher(raw).replaceAll(match -> Matcher.quoteReplacement("\\" + match.group()));
        return Markup.escape(escaped)
                .replace("&#39;", "'")
                .replace("&quot;", "\"")
                .replace("\r\n", "<br>")
                .replace("\n", "<br>")
                .replace("\r", "<br>");
    }
}
