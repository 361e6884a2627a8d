package io.lakeops.report.pages;

import io.lakeops.report.Evidence;
import java.util.List;
import java.util.Locale;

/** Small bar plots as inline SVG; the figures stand beside them as text. */
final class HtmlBars {
    private HtmlBars() {}

    /** Two bars on one scale. */
    static void change(HtmlText out, Evidence.Change change) {
        double greatest = Math.max(change.before(), change.after());
        out.raw("<div class=\"change\"><div class=\"label\">").text(change.label());
        String relative = Figures.change(change.before(), change.after());
        if (!relative.isEmpty()) {
            out.raw(" ").element("span", "class=\"delta\"", relative);
        }
        out.raw("</div>\n<div class=\"bars\">\n");
        bar(out, "before", "before", change.before(), greatest, Figures.of(change.unit(), change.before()));
        bar(out, "after", "after", change.after(), greatest, Figures.of(change.unit(), change.after()));
        out.raw("</div></div>\n");
    }

    /** One bar a figure; those of one unit share a scale. */
    static void figures(HtmlText out, List<Evidence.Figure> figures) {
        out.raw("<div class=\"bars\">\n");
        for (Evidence.Figure figure : figures) {
            double greatest = figures.stream()
                    .filter(other -> other.unit() == figure.unit())
                    .mapToDouble(Evidence.Figure::value)
                    .max()
                    .orElse(0);
            bar(out, figure.label(), "after", figure.value(), greatest, Figures.of(figure.unit(), figure.value()));
        }
        out.raw("</div>\n");
    }

    private static void bar(HtmlText out, String label, String kind, double value, double greatest, String text) {
        // A bar that is not zero is never too thin to be seen.
        double width = greatest == 0 ? 0 : value == 0 ? 0 : Math.max(0.6, value / greatest * 100);
        out.element("span", "class=\"name\"", label)
                .raw("<svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
                        + "<rect class=\"track\" x=\"0\" y=\"0\" width=\"100\" height=\"10\"/>"
                        + "<rect class=\"" + kind + "\" x=\"0\" y=\"0\" width=\""
                        + String.format(Locale.ROOT, "%.2f", width) + "\" height=\"10\"/></svg>")
                .element("span", "class=\"value\"", text)
                .raw("\n");
    }
}
