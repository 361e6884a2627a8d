package io.lakeops.duckdb.lake;

import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Literal;
import io.lakeops.table.Predicate;
import io.lakeops.table.Predicate.Comparison;
import io.lakeops.table.Predicate.Operator;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a filter as DuckDB prints it on a scan, such as {@code ((u3_0 >= 5) AND (u3_0 <= 100))}.
 *
 * <p>A part that is not understood is {@link Predicate#always()}: it prunes nothing. That is sound because no NOT is
 * read, so that a part can only be made weaker.
 */
final class FilterParser {
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffset("+HH:mm", "+00")
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HH", "+00")
            .optionalEnd()
            .toFormatter(Locale.ROOT);

    private final String text;
    private final Function<String, Optional<Column>> columns;
    private int at;

    private FilterParser(String text, Function<String, Optional<Column>> columns) {
        this.text = text;
        this.columns = columns;
    }

    /** A column that a name in the filter stands for. */
    record Column(List<String> path, DataType type) {}

    /** What the filter says, as far as it is understood. */
    static Predicate parse(String filter, Function<String, Optional<Column>> columns) {
        FilterParser parser = new FilterParser(filter, columns);
        try {
            Predicate predicate = parser.or();
            parser.blanks();
            return parser.at == filter.length() ? predicate : Predicate.always();
        } catch (NotUnderstood e) {
            return Predicate.always();
        }
    }

    /** What the filter says exactly; empty where any part of it is not understood. */
    static Optional<Predicate> exact(String filter, Function<String, Optional<Column>> columns) {
        Predicate predicate = parse(filter, columns);
        return holds(predicate) ? Optional.of(predicate) : Optional.empty();
    }

    /** Whether no part stands for something that was not understood. */
    private static boolean holds(Predicate predicate) {
        if (predicate instanceof Predicate.And and) {
            return and.parts().stream().allMatch(FilterParser::holds);
        }
        if (predicate instanceof Predicate.Or or) {
            return or.parts().stream().allMatch(FilterParser::holds);
        }
        return !predicate.equals(Predicate.always());
    }

    private Predicate or() {
        List<Predicate> parts = new ArrayList<>(List.of(and()));
        while (word("OR")) {
            parts.add(and());
        }
        if (parts.size() == 1) {
            return parts.get(0);
        }
        return parts.contains(Predicate.always()) ? Predicate.always() : new Predicate.Or(parts);
    }

    private Predicate and() {
        List<Predicate> parts = new ArrayList<>(List.of(part()));
        while (word("AND")) {
            parts.add(part());
        }
        return parts.size() == 1 ? parts.get(0) : new Predicate.And(parts);
    }

    private Predicate part() {
        blanks();
        if (text.startsWith("optional:", at)) {
            at += "optional:".length();
            return part();
        }
        if (text.startsWith("(", at)) {
            int start = at;
            at++;
            try {
                Predicate inner = or();
                blanks();
                if (text.startsWith(")", at)) {
                    at++;
                    return inner;
                }
            } catch (NotUnderstood e) {
                // The part as a whole is left out below.
            }
            at = start;
            skipParentheses();
            return Predicate.always();
        }
        return comparison();
    }

    private Predicate comparison() {
        Column column = columns.apply(name()).orElseThrow(NotUnderstood::new);
        if (word("IS")) {
            boolean not = word("NOT");
            if (!word("NULL")) {
                throw new NotUnderstood();
            }
            return new Predicate.IsNull(column.path(), !not);
        }
        if (word("IN")) {
            return in(column);
        }
        if (word("BETWEEN")) {
            Literal low = literal(column.type());
            if (!word("AND")) {
                throw new NotUnderstood();
            }
            Literal high = literal(column.type());
            return new Comparison(column.path(), Operator.GREATER_OR_EQUAL, low)
                    .and(new Comparison(column.path(), Operator.LESS_OR_EQUAL, high));
        }
        Operator operator = operator();
        return new Comparison(column.path(), operator, literal(column.type()));
    }

    private Predicate in(Column column) {
        blanks();
        expect("(");
        List<Literal> literals = new ArrayList<>();
        do {
            literals.add(literal(column.type()));
            blanks();
        } while (accept(","));
        expect(")");
        return new Predicate.In(column.path(), literals);
    }

    private Operator operator() {
        blanks();
        if (accept("!=") || accept("<>")) {
            return Operator.NOT_EQUAL;
        }
        if (accept("<=")) {
            return Operator.LESS_OR_EQUAL;
        }
        if (accept(">=")) {
            return Operator.GREATER_OR_EQUAL;
        }
        if (accept("<")) {
            return Operator.LESS;
        }
        if (accept(">")) {
            return Operator.GREATER;
        }
        if (accept("=")) {
            return Operator.EQUAL;
        }
        throw new NotUnderstood();
    }

    /** A constant; one whose cast does not fit the column is not understood. */
    private Literal literal(DataType type) {
        blanks();
        boolean quoted = text.startsWith("'", at);
        String value = quoted ? quoted() : bare();
        if (accept("::")) {
            castTo(type);
        }
        // A bare word is no text: it would be another column.
        Object parsed = quoted || isNumberOrFlag(type) ? value(value, type) : null;
        if (parsed == null) {
            throw new NotUnderstood();
        }
        return new Literal(parsed);
    }

    private void castTo(DataType type) {
        int start = at;
        while (at < text.length() && isNamePart(text.charAt(at))) {
            at++;
        }
        if (text.startsWith("(", at)) {
            skipParentheses();
        }
        accept(" WITH TIME ZONE");
        String cast = text.substring(start, at).toUpperCase(Locale.ROOT);
        String expected = io.lakeops.duckdb.type.DuckTypes.sql(type);
        boolean same = cast.equals(expected) || (cast.startsWith("DECIMAL") && expected.startsWith("DECIMAL"));
        if (!same) {
            throw new NotUnderstood();
        }
    }

    private static boolean isNumberOrFlag(DataType type) {
        return type instanceof DataType.Decimal
                || type == Primitive.BOOLEAN
                || type == Primitive.BYTE
                || type == Primitive.SHORT
                || type == Primitive.INTEGER
                || type == Primitive.LONG
                || type == Primitive.DOUBLE;
    }

    private static @Nullable Object value(String text, DataType type) {
        try {
            if (type instanceof DataType.Decimal) {
                return new BigDecimal(text);
            }
            if (!(type instanceof Primitive primitive)) {
                return null;
            }
            return switch (primitive) {
                case BOOLEAN ->
                    text.equalsIgnoreCase("true")
                            ? Boolean.TRUE
                            : text.equalsIgnoreCase("false") ? Boolean.FALSE : null;
                case BYTE, SHORT, INTEGER, LONG -> Long.parseLong(text);
                case DOUBLE -> finite(Double.parseDouble(text));
                case STRING -> text;
                case DATE -> LocalDate.parse(text);
                case TIMESTAMP -> instant(text);
                case TIMESTAMP_NTZ -> LocalDateTime.from(dateTime(text));
                // A float and the text of its bound may be rounded differently.
                case FLOAT, BINARY, VARIANT -> null;
            };
        } catch (DateTimeException | NumberFormatException e) {
            // Infinity, a year beyond what the text form has, and the like: nothing is pruned by it.
            return null;
        }
    }

    /** DuckDB orders NaN above all numbers, statistics know nothing of it. */
    private static @Nullable Double finite(double number) {
        return Double.isFinite(number) ? (Double) number : null;
    }

    private static @Nullable Instant instant(String text) {
        java.time.temporal.TemporalAccessor read = dateTime(text);
        return read.isSupported(ChronoField.OFFSET_SECONDS)
                ? OffsetDateTime.from(read).toInstant()
                : null;
    }

    private static java.time.temporal.TemporalAccessor dateTime(String text) {
        return text.length() == 10
                ? LocalDateTime.of(LocalDate.parse(text), LocalTime.MIDNIGHT)
                : TIMESTAMP.parse(text);
    }

    private String quoted() {
        StringBuilder out = new StringBuilder();
        int i = at + 1;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '\'') {
                out.append(c);
                i++;
            } else if (i + 1 < text.length() && text.charAt(i + 1) == '\'') {
                out.append(c);
                i += 2;
            } else {
                at = i + 1;
                return out.toString();
            }
        }
        throw new NotUnderstood();
    }

    private String bare() {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "+-._".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        if (start == at) {
            throw new NotUnderstood();
        }
        return text.substring(start, at);
    }

    private String name() {
        blanks();
        int start = at;
        while (at < text.length() && isNamePart(text.charAt(at))) {
            at++;
        }
        if (start == at) {
            throw new NotUnderstood();
        }
        return text.substring(start, at);
    }

    private void skipParentheses() {
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\'') {
                quoted();
                continue;
            }
            at++;
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0) {
                return;
            }
        }
        throw new NotUnderstood();
    }

    private boolean word(String word) {
        blanks();
        int end = at + word.length();
        if (text.regionMatches(true, at, word, 0, word.length())
                && (end == text.length() || !isNamePart(text.charAt(end)))) {
            at = end;
            return true;
        }
        return false;
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    private boolean accept(String symbol) {
        if (text.startsWith(symbol, at)) {
            at += symbol.length();
            return true;
        }
        return false;
    }

    private void expect(String symbol) {
        if (!accept(symbol)) {
            throw new NotUnderstood();
        }
    }

    private void blanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    /** The filter has a form that this parser does not read; never leaves this class. */
    private static final class NotUnderstood extends RuntimeException {
        NotUnderstood() {
            super(null, null, false, false);
        }
    }
}
