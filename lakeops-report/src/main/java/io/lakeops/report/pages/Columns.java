package io.lakeops.report.pages;

import io.lakeops.engine.Rows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How columns of a result are set. */
final class Columns {
    private Columns() {}

    /** Whether a column holds numbers only, and at least one. */
    static boolean numeric(Rows rows, int column) {
        boolean any = false;
        for (List<@Nullable Object> row : rows.rows()) {
            Object value = row.get(column);
            if (value != null && !(value instanceof Number)) {
                return false;
            }
            any |= value != null;
        }
        return any;
    }
}
