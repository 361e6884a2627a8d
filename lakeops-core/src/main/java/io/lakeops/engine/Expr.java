package io.lakeops.engine;

import io.lakeops.table.Predicate;
import java.util.Objects;

/**
 * An expression as text, in the dialect it was written in, beside what pruning understands of it.
 *
 * @param text the expression
 * @param dialect {@code common} (what every engine reads), {@code duckdb}, {@code spark}
 * @param predicate implied by the expression; {@link Predicate#always()} where nothing is known
 */
public record Expr(String text, String dialect, Predicate predicate) {
    public Expr {
        Objects.requireNonNull(text);
        Objects.requireNonNull(dialect);
        Objects.requireNonNull(predicate);
    }

    /** An expression in the common subset, of which pruning knows nothing. */
    public static Expr of(String text) {
        return new Expr(text, "common", Predicate.always());
    }

    /** An expression that a table keeps in Spark's SQL. */
    public static Expr spark(String text) {
        return new Expr(text, "spark", Predicate.always());
    }
}
