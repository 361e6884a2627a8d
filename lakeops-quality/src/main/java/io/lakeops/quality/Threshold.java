package io.lakeops.quality;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition on the number of failures, in dbt's words, such as {@code > 10}.
 *
 * @param operator compares the failures with {@code limit}
 */
public record Threshold(Operator operator, long limit) {
    /** Any failure at all: the default of warn_if and error_if. */
    public static final Threshold ANY = new Threshold(Operator.NOT_EQUAL, 0);

    private static final Pattern TEXT = Pattern.compile("\\s*(=|==|!=|<>|>=|<=|>|<)\\s*(\\d{1,18})\\s*");

    /** How failures are compared. */
    public enum Operator {
        EQUAL("="),
        NOT_EQUAL("!="),
        GREATER(">"),
        GREATER_OR_EQUAL(">="),
        LESS("<"),
        LESS_OR_EQUAL("<=");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }
    }

    /** Reads {@code > 10} and its like; CHECK_INVALID for anything else. */
    public static Threshold parse(String text) {
        Matcher matcher = TEXT.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new LakeException(
                    ErrorCode.CHECK_INVALID, "'" + text + "' is no condition on failures such as '> 10' or '!= 0'");
        }
        Operator operator = switch (matcher.group(1)) {
            case "=", "==" -> Operator.EQUAL;
            case "!=", "<>" -> Operator.NOT_EQUAL;
            case ">=" -> Operator.GREATER_OR_EQUAL;
            case "<=" -> Operator.LESS_OR_EQUAL;
            case ">" -> Operator.GREATER;
            default -> Operator.LESS;
        };
        return new Threshold(operator, Long.parseLong(matcher.group(2)));
    }

    /** Whether that many failures fulfil it. */
    public boolean test(long failures) {
        return switch (operator) {
            case EQUAL -> failures == limit;
            case NOT_EQUAL -> failures != limit;
            case GREATER -> failures > limit;
            case GREATER_OR_EQUAL -> failures >= limit;
            case LESS -> failures < limit;
            case LESS_OR_EQUAL -> failures <= limit;
        };
    }

    @Override
    public String toString() {
        return operator.sign + " " + limit;
    }
}
