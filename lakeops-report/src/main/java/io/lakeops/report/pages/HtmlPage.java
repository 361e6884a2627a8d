package io.lakeops.report.pages;

import io.lakeops.engine.Rows;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.report.Evidence;
import io.lakeops.report.OperationsReport;
import io.lakeops.report.Scenario;
import io.lakeops.report.Section;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The operations document as one HTML file that refers to nothing outside itself, runs no script, and opens from disk.
 *
 * <p>Shape: well-formed as XML too; the same model gives the same text. Whatever comes from data is escaped.
 */
public final class HtmlPage {
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** From that many characters on a value is broken into lines. */
    private static final int LONG_CELL = 48;

    private final HtmlText out = new HtmlText();

    private HtmlPage() {}

    /** The whole page. */
    public static String of(OperationsReport report) {
        HtmlPage page = new HtmlPage();
        page.write(report);
        return page.out.toString();
    }

    private void write(OperationsReport report) {
        out.raw("""
                        <!DOCTYPE html>
                        <html lang="en">
                        <head>
                        <meta charset="utf-8"/>
                        <meta name="viewport" content="width=device-width, initial-scale=1"/>
                        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
                        <meta name="color-scheme" content="light dark"/>
                        """)
                .element("title", "", report.title())
                .raw("\n<style>\n" + style() + "</style>\n</head>\n<body>\n<div class=\"page\">\n");
        contents(report);
        out.raw("<main>\n");
        header(report);
        summary(report);
        report.sections().forEach(this::section);
        out.raw("<footer>")
                .text("Made by LakeOps from evidence collected on ")
                .text(MOMENT.format(report.generatedAt()));
        out.raw("</footer>\n</main>\n</div>\n</body>\n</html>\n");
    }

    private void contents(OperationsReport report) {
        out.raw("""
                <nav aria-label="Contents">
                <a class="brand" href="#top">LakeOps</a>
                <ol>
                <li><a href="#summary">Summary</a></li>
                """);
        for (Section section : report.sections()) {
            boolean failed = section.scenarios().stream().anyMatch(s -> !s.holds());
            out.raw("<li><a href=\"#" + anchor(section) + "\">")
                    .text(section.deliverable().title())
                    .raw(failed ? " <span class=\"dot bad\" title=\"an expectation failed\"></span>" : "")
                    .raw("</a></li>\n");
        }
        out.raw("</ol>\n</nav>\n");
    }

    private void header(OperationsReport report) {
        long held = report.expectations().stream()
                .filter(Scenario.Expectation::held)
                .count();
        long all = report.expectations().size();
        long scenarios =
                report.sections().stream().mapToLong(s -> s.scenarios().size()).sum();
        Duration took = report.sections().stream()
                .flatMap(s -> s.scenarios().stream())
                .map(Scenario::duration)
                .reduce(Duration.ZERO, Duration::plus);
        out.raw("<header id=\"top\">\n").element("h1", "", report.title());
        out.raw("<p class=\"verdict " + (report.holds() ? "good" : "bad") + "\">")
                .text(
                        report.holds()
                                ? "\u2713 Every expectation held"
                                : "\u2717 " + (all - held) + (all - held == 1 ? " expectation" : " expectations")
                                        + " did not hold")
                .raw("</p>\n");
        report.summary().forEach(paragraph -> out.element("p", "class=\"lead\"", paragraph));
        out.raw("<dl class=\"tiles\">\n");
        tile("Expectations held", held + " / " + all);
        tile("Scenarios", Long.toString(scenarios));
        tile("Time in scenarios", Figures.duration(took));
        tile("Collected", MOMENT.format(report.generatedAt()));
        report.facts().forEach(fact -> tile(fact.label(), fact.value()));
        out.raw("</dl>\n</header>\n");
    }

    private void tile(String label, String value) {
        out.raw("<div>").element("dt", "", label).element("dd", "", value).raw("</div>\n");
    }

    private void summary(OperationsReport report) {
        out.raw(
                "<section id=\"summary\">\n<h2>Summary</h2>\n<div class=\"scroll\"><table class=\"summary\">\n<thead><tr>"
                        + "<th>Part</th><th>Scenario</th><th class=\"num\">Expectations</th><th class=\"num\">Took</th>"
                        + "<th>Result</th></tr></thead>\n<tbody>\n");
        for (Section section : report.sections()) {
            for (Scenario scenario : section.scenarios()) {
                long held = scenario.expectations().stream()
                        .filter(Scenario.Expectation::held)
                        .count();
                out.raw("<tr>")
                        .element("td", "class=\"quiet\"", section.deliverable().title())
                        .raw("<td><a href=\"#" + scenario.id() + "\">")
                        .text(scenario.title())
                        .raw("</a></td>")
                        .element(
                                "td",
                                "class=\"num\"",
                                held + " of " + scenario.expectations().size())
                        .element("td", "class=\"num\"", Figures.duration(scenario.duration()))
                        .raw("<td>" + badge(scenario) + "</td></tr>\n");
            }
        }
        out.raw("</tbody>\n</table></div>\n</section>\n");
    }

    private static String badge(Scenario scenario) {
        if (scenario.expectations().isEmpty()) {
            return "<span class=\"badge\">shown</span>";
        }
        return scenario.holds() ? "<span class=\"badge good\">held</span>" : "<span class=\"badge bad\">failed</span>";
    }

    private void section(Section section) {
        out.raw("<section id=\"" + anchor(section) + "\">\n")
                .element("h2", "", section.deliverable().title());
        section.introduction().forEach(paragraph -> out.element("p", "", paragraph));
        section.scenarios().forEach(this::scenario);
        boolean empty = section.scenarios().isEmpty()
                && section.introduction().isEmpty()
                && section.thin().isEmpty();
        for (String thin : empty ? List.of("nothing was run for this part.") : section.thin()) {
            out.raw("<p class=\"thin\"><strong>Still thin.</strong> ")
                    .text(thin)
                    .raw("</p>\n");
        }
        out.raw("</section>\n");
    }

    private void scenario(Scenario scenario) {
        out.raw("<article id=\"" + scenario.id() + "\">\n<div class=\"heading\">")
                .element("h3", "", scenario.title())
                .raw(badge(scenario))
                .element("span", "class=\"took\"", Figures.duration(scenario.duration()))
                .raw("</div>\n");
        scenario.story().forEach(paragraph -> out.element("p", "", paragraph));
        if (!scenario.expectations().isEmpty()) {
            out.raw("<ul class=\"expectations\">\n");
            scenario.expectations()
                    .forEach(e -> out.raw("<li class=\"" + (e.held() ? "good" : "bad") + "\"><span class=\"mark\">")
                            .text(e.held() ? "\u2713" : "\u2717")
                            .raw("</span><span>")
                            .text(e.text())
                            .raw(" ")
                            .element("span", "class=\"observed\"", e.observed())
                            .raw("</span></li>\n"));
            out.raw("</ul>\n");
        }
        scenario.evidence().forEach(this::evidence);
        out.raw("</article>\n");
    }

    private void evidence(Evidence evidence) {
        if (evidence instanceof Evidence.Statement statement) {
            statement(statement);
        } else if (evidence instanceof Evidence.Listing listing) {
            details(listing.title(), count(listing.rows().rows().size()));
            rows(listing.rows());
            out.raw("</div></details>\n");
        } else if (evidence instanceof Evidence.BeforeAfter change) {
            out.raw("<figure>").element("figcaption", "", change.title());
            change.changes().forEach(c -> HtmlBars.change(out, c));
            out.raw("</figure>\n");
        } else if (evidence instanceof Evidence.Figures figures) {
            out.raw("<figure>").element("figcaption", "", figures.title());
            HtmlBars.figures(out, figures.figures());
            out.raw("</figure>\n");
        } else if (evidence instanceof Evidence.Transcript transcript) {
            details(transcript.title(), "");
            out.raw("<pre><code>")
                    .text("$ " + transcript.command() + "\n" + String.join("\n", transcript.output()))
                    .raw("</code></pre></div></details>\n");
        } else {
            out.element("p", "class=\"note\"", ((Evidence.Note) evidence).text());
        }
    }

    private void statement(Evidence.Statement statement) {
        int shown = statement.result().rows().size();
        details(statement.title(), count(statement.totalRows()) + ", " + Figures.duration(statement.took()));
        out.raw("<pre><code>").text(statement.sql().strip()).raw("</code></pre>\n");
        rows(statement.result());
        if (shown < statement.totalRows()) {
            out.element("p", "class=\"more\"", shown + " of " + statement.totalRows() + " rows");
        }
        out.raw("</div></details>\n");
    }

    private void details(String title, String aside) {
        out.raw("<details><summary>").element("span", "", title);
        if (!aside.isEmpty()) {
            out.element("span", "class=\"aside\"", aside);
        }
        out.raw("</summary><div class=\"inside\">\n");
    }

    private static String count(long rows) {
        return rows == 0 ? "no rows" : Figures.of(Evidence.Unit.ROWS, (double) rows);
    }

    private void rows(Rows rows) {
        if (rows.columns().isEmpty() || rows.rows().isEmpty()) {
            return;
        }
        out.raw("<div class=\"scroll\"><table>\n<thead><tr>");
        for (int i = 0; i < rows.columns().size(); i++) {
            out.element(
                    "th",
                    Columns.numeric(rows, i) ? "class=\"num\"" : "",
                    rows.columns().get(i));
        }
        out.raw("</tr></thead>\n<tbody>\n");
        for (List<@Nullable Object> row : rows.rows()) {
            out.raw("<tr>");
            for (int i = 0; i < row.size(); i++) {
                out.element("td", cell(rows, i, row.get(i)), Figures.cell(row.get(i)));
            }
            out.raw("</tr>\n");
        }
        out.raw("</tbody>\n</table></div>\n");
    }

    private static String cell(Rows rows, int column, @Nullable Object value) {
        List<String> classes = new ArrayList<>();
        if (Columns.numeric(rows, column)) {
            classes.add("num");
        }
        if (value == null) {
            classes.add("null");
        }
        if (Figures.cell(value).length() > LONG_CELL) {
            classes.add("long");
        }
        return classes.isEmpty() ? "" : "class=\"" + String.join(" ", classes) + "\"";
    }

    private static String anchor(Section section) {
        return section.deliverable().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String style() {
        try (InputStream css = HtmlPage.class.getResourceAsStream("page.css")) {
            if (css == null) {
                throw new LakeException(ErrorCode.INTERNAL, "page.css is missing from lakeops-report");
            }
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new LakeException(ErrorCode.INTERNAL, "page.css can't be read: " + e.getMessage(), e);
        }
    }
}
