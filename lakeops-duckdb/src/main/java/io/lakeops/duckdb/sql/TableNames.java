package io.lakeops.duckdb.sql;

import java.util.List;
import java.util.Optional;

/** Who knows which names and paths are tables of the lake. */
public interface TableNames {
    /**
     * The path of the mounted table of that name; empty where it is not mounted or a table of the warehouse wins.
     *
     * <p>Errors: TABLE_NAME_AMBIGUOUS for a name alone that several layers have.
     */
    Optional<String> mounted(List<String> name);

    /** Whether a table of the lake stands at that path. */
    boolean isTable(String path);
}
