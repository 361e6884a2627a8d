package io.lakeops.duckdb.interop;

import io.lakeops.engine.Session;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The tables of the judged features, each written once, and what was counted over them. */
final class WrittenTables implements AutoCloseable {
    private final Path folder;
    private final Connection connection;
    private final Session session;
    private final Map<String, Workbench> written = new HashMap<>();
    private final Map<String, Long> counts = new TreeMap<>();

    WrittenTables(Path folder) throws SQLException {
        this.folder = folder;
        this.connection = Workbench.connect();
        this.session = Workbench.open(folder.resolve("spill"));
    }

    Workbench of(JudgedFeature feature) {
        return written.computeIfAbsent(feature.name(), name -> {
            Workbench bench = empty(name);
            feature.write(bench);
            return bench;
        });
    }

    /** A copy of its own, to be changed. */
    Workbench copyOf(JudgedFeature feature) {
        return of(feature).copy(folder.resolve(plain(feature.name()) + "-next"));
    }

    /** A table that is not there yet. */
    Workbench empty(String name) {
        return new Workbench(folder.resolve(plain(name)).resolve("table"), connection, session);
    }

    void count(String what, long more) {
        counts.merge(what, more, Long::sum);
    }

    String counted() {
        return counts.toString();
    }

    /** A name that Spark takes in an identifier by path. */
    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_");
    }

    @Override
    public void close() throws SQLException {
        session.close();
        connection.close();
    }
}
