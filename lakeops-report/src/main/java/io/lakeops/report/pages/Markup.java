package io.lakeops.report.pages;

/** Text as it may stand in HTML and XML. */
final class Markup {
    private Markup() {}

    /** Escapes markup and quotes; what XML can't hold becomes U+FFFD. */
    static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
            }
        });
        return out.toString();
    }

    /** Source: XML 1.0, production Char. Marks that turn the direction of text are not let through either. */
    private static boolean isAllowed(int c) {
        if (c == '\t' || c == '\n' || c == '\r') {
            return true;
        }
        boolean turnsText = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        boolean control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
        boolean surrogate = c >= 0xD800 && c <= 0xDFFF;
        return !turnsText && !control && !surrogate && c != 0xFFFE && c != 0xFFFF;
    }
}
