package io.lakeops.quality;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Checks on tables, under one name. Immutable: {@link #on} returns a larger suite.
 *
 * <pre>{@code
 * Suite suite = Suite.named("retail")
 *         .on("bronze.orders", Checks.notNull("order_id"), Checks.unique("order_id").warning());
 * }</pre>
 *
 * <p>Errors: CHECK_INVALID where two checks of a table have one name.
 */
public record Suite(String name, List<Entry> entries) {
    public Suite {
        Objects.requireNonNull(name);
        entries = List.copyOf(entries);
        Set<List<String>> names = new HashSet<>();
        for (Entry entry : entries) {
            if (!names.add(List.of(entry.table(), entry.checkName()))) {
                throw new LakeException(
                        ErrorCode.CHECK_INVALID,
                        "two checks of " + entry.table() + " are called '" + entry.checkName()
                                + "'; give one a name of its own");
            }
        }
    }

    /** A suite without a check. */
    public static Suite named(String name) {
        return new Suite(name, List.of());
    }

    /** This suite with checks on a table. */
    public Suite on(String table, CheckDefinition... checks) {
        List<Entry> more = new ArrayList<>(entries);
        for (CheckDefinition check : checks) {
            more.add(new Entry(table, check));
        }
        return new Suite(name, more);
    }

    /**
     * One check on one table.
     *
     * @param table as the host knows it, such as {@code bronze.orders}
     */
    public record Entry(String table, CheckDefinition check) {
        /** The check's name in results. */
        public String checkName() {
            return check.nameOn(table);
        }
    }
}
