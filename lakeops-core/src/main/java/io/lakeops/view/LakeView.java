package io.lakeops.view;

import io.lakeops.table.Schema;
import java.util.Objects;

/**
 * A query over tables below the lake that a SQL front mounts under a plain name, such as {@code data_quality_metrics}.
 *
 * <p>Where the tables don't exist yet, the front shows {@link #columns} with no rows. The query is in the SQL subset that
 * every engine reads.
 *
 * @param name the name under which it is mounted
 * @param backing the tables that it reads
 * @param columns what it shows, in order
 * @param select the query; {@link #TABLE} stands where the backing rows are read
 */
public record LakeView(String name, Backing backing, Schema columns, String select) {
    /** Stands in {@link #select} for the backing rows. */
    public static final String TABLE = "{table}";

    public LakeView {
        Objects.requireNonNull(name);
        Objects.requireNonNull(backing);
        Objects.requireNonNull(columns);
        if (!select.contains(TABLE)) {
            throw new IllegalArgumentException("the query of " + name + " does not name " + TABLE);
        }
    }

    /** The query, reading from {@code source}: whatever may stand behind FROM. */
    public String sql(String source) {
        return select.replace(TABLE, source);
    }

    /** Which tables a view reads. */
    public sealed interface Backing {
        /**
         * One table.
         *
         * @param path below the lake's folder, with {@code /}, such as {@code _quality/results}
         */
        record OneTable(String path) implements Backing {}

        /**
         * All tables in a folder, their rows together; columns are matched by name.
         *
         * @param folder below the lake's folder, with {@code /}, such as {@code _ledger}
         */
        record EveryTableIn(String folder) implements Backing {}
    }
}
