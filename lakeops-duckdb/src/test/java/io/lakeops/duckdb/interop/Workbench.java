package io.lakeops.duckdb.interop;

import io.lakeops.context.FileRoots;
import io.lakeops.context.LakeContext;
import io.lakeops.context.Run;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.duckdb.DuckDbEngine;
import io.lakeops.duckdb.scan.SparkJson;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Session;
import io.lakeops.table.LakeTable;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One table and what of ours works on it: SQL by JDBC and the operations in Java.
 *
 * <p>Threads: one at a time.
 */
record Workbench(Path path, Connection connection, Session session) {
    /** Where files of shallow clones may be, copies of clones among them. */
    private static final Path ROOT = Path.of(System.getProperty("java.io.tmpdir"));

    static Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:lakeops:");
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET lakeops_allowed_roots = '" + ROOT + "'");
        }
        return connection;
    }

    static Session open(Path spill) {
        return new DuckDbEngine().open(new EngineOptions(256L << 20, 2, spill), LakeContext.standard());
    }

    /** Runs statements in which {@code {t}} stands for the table. */
    void sql(String... statements) {
        for (String sql : statements) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql.replace("{t}", "delta.`" + path + "`"));
            } catch (SQLException e) {
                throw new AssertionError(sql, e);
            }
        }
    }

    LakeTable table() {
        TableLocation location = new TableLocation(path);
        return new DeltaFormat()
                .open(
                        TableId.of(location),
                        location,
                        Optional.empty(),
                        LakeContext.standard().withRoots(FileRoots.allowing(ROOT)));
    }

    static Run run() {
        return Run.of(LakeContext.standard());
    }

    long version() {
        return table().versions().latest();
    }

    /** What we read at a version, in Spark's words. */
    List<String> rows(long version) {
        String sql =
                "SELECT * FROM delta_scan('" + path.toString().replace("'", "''") + "', version = " + version + ")";
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return SparkJson.rows(
                    result, table().snapshot(SnapshotSelector.version(version)).schema());
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    List<TableCommit> commits() {
        LakeTable table = table();
        try (Stream<TableCommit> commits =
                table.commits(table.versions().earliest(), table.versions().latest())) {
            return commits.toList();
        }
    }

    /** The same table as it stands now, in another folder. */
    Workbench copy(Path to) {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        to.resolve(path.relativize(file).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Workbench(to, connection, session);
    }
}
