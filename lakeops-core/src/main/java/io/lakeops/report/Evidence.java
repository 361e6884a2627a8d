package io.lakeops.report;

import io.lakeops.engine.Rows;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** What shows that something is so. */
public sealed interface Evidence {
    /**
     * A statement that was run, and what it returned.
     *
     * @param title what it is asked for
     * @param sql as it was run
     * @param result the first of its rows
     * @param totalRows how many rows it returned in all
     */
    record Statement(String title, String sql, Rows result, long totalRows, Duration took) implements Evidence {
        public Statement {
            Objects.requireNonNull(title);
            Objects.requireNonNull(sql);
            Objects.requireNonNull(took);
            if (totalRows < result.rows().size()) {
                throw new IllegalArgumentException("more rows are shown than were returned");
            }
        }

        /** A statement of which at most {@code limit} rows are shown. */
        public static Statement of(String title, String sql, Rows result, int limit, Duration took) {
            int shown = Math.min(limit, result.rows().size());
            return new Statement(
                    title,
                    sql,
                    new Rows(result.columns(), result.rows().subList(0, shown)),
                    result.rows().size(),
                    took);
        }
    }

    /** Rows that no statement returned, such as the parts of a plan. */
    record Listing(String title, Rows rows) implements Evidence {
        public Listing {
            Objects.requireNonNull(title);
            Objects.requireNonNull(rows);
        }
    }

    /** Figures before and after something, each pair in one unit. */
    record BeforeAfter(String title, List<Change> changes) implements Evidence {
        public BeforeAfter {
            Objects.requireNonNull(title);
            changes = List.copyOf(changes);
        }
    }

    /** Figures side by side, such as timings of several ways to one answer. */
    record Figures(String title, List<Figure> figures) implements Evidence {
        public Figures {
            Objects.requireNonNull(title);
            figures = List.copyOf(figures);
        }
    }

    /** A command that was typed, and what it printed. */
    record Transcript(String title, String command, List<String> output) implements Evidence {
        public Transcript {
            Objects.requireNonNull(title);
            Objects.requireNonNull(command);
            output = List.copyOf(output);
        }
    }

    /** A remark. */
    record Note(String text) implements Evidence {
        public Note {
            Objects.requireNonNull(text);
        }
    }

    /** A figure before and after. */
    record Change(String label, Unit unit, double before, double after) {
        public Change {
            requireFigure(before);
            requireFigure(after);
        }
    }

    /** A figure. */
    record Figure(String label, Unit unit, double value) {
        public Figure {
            requireFigure(value);
        }
    }

    /** What a figure counts. */
    enum Unit {
        ROWS,
        FILES,
        VERSIONS,
        BYTES,
        MILLISECONDS,
        PERCENT,
        COUNT
    }

    private static void requireFigure(double figure) {
        if (!Double.isFinite(figure) || figure < 0) {
            throw new IllegalArgumentException("a figure is not negative and not infinite: " + figure);
        }
    }
}
