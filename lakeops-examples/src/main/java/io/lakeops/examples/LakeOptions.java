package io.lakeops.examples;

import io.lakeops.context.LakeContext;
import io.lakeops.duckdb.jdbc.LakeDriver;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the lake and the warehouse are, as several commands ask for it. */
final class LakeOptions {
    private static final Path USUAL_LAKE = Path.of("lake");
    private static final Path USUAL_WAREHOUSE = Path.of("duckdb", "warehouse.duckdb");

    @Option(names = "--lake", paramLabel = "DIR", description = "The lake's folder (default: ./lake, if it is there).")
    private @Nullable Path lake;

    @Option(
            names = "--warehouse",
            paramLabel = "FILE",
            description = "The DuckDB file of silver and gold (default: ./duckdb/warehouse.duckdb, if it is there).")
    private @Nullable Path warehouse;

    /** The lake that was named, or the usual one where that is there. */
    Optional<Path> lake() {
        return lake != null ? Optional.of(lake) : Optional.of(USUAL_LAKE).filter(Files::isDirectory);
    }

    /** The warehouse that was named, or the usual one where that is there. */
    Optional<Path> warehouse() {
        return warehouse != null
                ? Optional.of(warehouse)
                : Optional.of(USUAL_WAREHOUSE).filter(Files::exists);
    }

    /** The lake; INVALID_ARGUMENT where the named one, or without a name the usual one, is not there. */
    Path requireLake() {
        Path there = lake().orElseThrow(() ->
                new LakeException(ErrorCode.INVALID_ARGUMENT, "there is no folder ./lake here; say --lake DIR"));
        if (!Files.isDirectory(there)) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "no folder stands at lake=" + there);
        }
        return there;
    }

    /** The warehouse; INVALID_ARGUMENT where the named one, or without a name the usual one, is not there. */
    Path requireWarehouse() {
        Path there = warehouse().orElse(USUAL_WAREHOUSE);
        if (!Files.exists(there)) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "there is no warehouse yet; run-models makes it",
                    Map.of("warehouse", there));
        }
        return there;
    }

    /** The warehouse to write to, its folder made; the usual one where none was named. */
    Path warehouseToWrite() {
        return withFolder(warehouse != null ? warehouse : USUAL_WAREHOUSE);
    }

    /** Makes the folder of a file that is to be written. */
    static Path withFolder(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw StorageErrors.of("can't make the folder of", file, e);
        }
        return file;
    }

    /** A connection in which the lake, if any, is mounted; without a warehouse it is in memory. */
    static Connection connect(Optional<Path> warehouse, Optional<Path> lake, LakeContext context) throws SQLException {
        Properties properties = new Properties();
        lake.ifPresent(folder -> properties.setProperty("lake", folder.toString()));
        return connect(warehouse, properties, context);
    }

    private static Connection connect(Optional<Path> warehouse, Properties properties, LakeContext context)
            throws SQLException {
        String url = "jdbc:lakeops:" + warehouse.map(Path::toString).orElse("");
        Connection connection = new LakeDriver(context).connect(url, properties);
        if (connection == null) {
            throw new LakeException(ErrorCode.INTERNAL, "the driver does not know its own URL " + url);
        }
        return connection;
    }

    /** A connection that only reads the warehouse. */
    static Connection readWarehouse(Path warehouse, LakeContext context) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("read_only", "true");
        Connection connection = connect(Optional.of(warehouse), properties, context);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}
