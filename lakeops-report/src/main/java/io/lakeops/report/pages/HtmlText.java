package io.lakeops.report.pages;

/** A page in the making: markup of ours goes in raw, everything else escaped. */
final class HtmlText {
    private final StringBuilder out = new StringBuilder();

    HtmlText raw(String markup) {
        out.append(markup);
        return this;
    }

    HtmlText text(String data) {
        out.append(Markup.escape(data));
        return this;
    }

    /** {@code attributes} as markup, or empty. */
    HtmlText element(String name, String attributes, String data) {
        out.append('<').append(name);
        if (!attributes.isEmpty()) {
            out.append(' ').append(attributes);
        }
        out.append('>').append(Markup.escape(data)).append("</").append(name).append('>');
        return this;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
