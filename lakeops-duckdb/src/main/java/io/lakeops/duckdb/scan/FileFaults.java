package io.lakeops.duckdb.scan;

import io.lakeops.duckdb.type.SqlText;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the file behind an exception that DuckDB threw while it read Parquet.
 *
 * <p>Threads: safe.
 */
final class FileFaults {
    /** What a damaged file makes DuckDB, Thrift and the decompressors say; and what says nothing, so that files are tried. */
    private static final Pattern DAMAGE = Pattern.compile(
            "^(invalid|io|internal|fatal|serialization|not implemented) error:|parquet file|thrift|protocol|snappy|zstd|gzip"
                    + "|lz4|brotli|decompress|don't know what type|page header|dictionary|\\brle\\b|out of buffer|end of file"
                    + "|no magic bytes|footer|read error|could not read|utf-?8|string encoding|corrupt|checksum");

    /** What DuckDB says where a column of a file can't become what the table wants. */
    private static final Pattern UNFIT = Pattern.compile("Error while reading file \"([^\"]+)\"");

    private static final Pattern QUOTED = Pattern.compile("'[^'\n]*'|\"[^\"\n]*\"");

    private static final Pattern GONE = Pattern.compile("no files found|cannot open|could not open|no such file");

    private static final Pattern MEMORY = Pattern.compile("out of memory|failed to (allocate|pin|offload)");

    private final Connection connection;

    FileFaults(Connection connection) {
        this.connection = connection;
    }

    static LakeException missing(Path file, @Nullable Throwable cause) {
        return new LakeException(
                ErrorCode.DATA_FILE_MISSING, "the table needs a data file that is gone", Map.of("file", file), cause);
    }

    private static LakeException corrupt(Path file, SQLException cause) {
        return new LakeException(
                ErrorCode.DATA_FILE_CORRUPT,
                "a data file can't be read: " + firstLine(cause.getMessage()),
                Map.of("file", file),
                cause);
    }

    /** What is short or shut around DuckDB, where that is why it failed. */
    static Optional<ErrorCode> surroundings(String message) {
        String said = QUOTED.matcher(message.toLowerCase(Locale.ROOT)).replaceAll("");
        return MEMORY.matcher(said).find()
                ? Optional.of(ErrorCode.MEMORY_EXCEEDED)
                : said.contains("no space left")
                        ? Optional.of(ErrorCode.DISK_FULL)
                        : said.contains("permission denied")
                                ? Optional.of(ErrorCode.PERMISSION_DENIED)
                                : Optional.empty();
    }

    LakeException explain(SQLException failure, List<Path> files) {
        String message = String.valueOf(failure.getMessage());
        return find(failure, files).orElseGet(() -> {
            ErrorCode code = message.startsWith("INTERRUPT")
                    ? ErrorCode.CANCELLED
                    : surroundings(message).orElse(ErrorCode.ENGINE_FAILED);
            return new LakeException(code, "DuckDB failed: " + firstLine(message), failure);
        });
    }

    /** What is wrong with one of the files, where that is why DuckDB failed. */
    Optional<LakeException> find(SQLException failure, List<Path> files) {
        String message = String.valueOf(failure.getMessage());
        Matcher unfit = UNFIT.matcher(message);
        if (unfit.find()) {
            return files.stream()
                    .filter(file -> file.toString().equals(unfit.group(1)))
                    .findFirst()
                    .map(file -> corrupt(file, failure));
        }
        // A path may hold any word.
        String said = QUOTED.matcher(message.toLowerCase(Locale.ROOT)).replaceAll("");
        boolean damage = DAMAGE.matcher(said).find();
        if (damage || GONE.matcher(said).find()) {
            Optional<Path> gone =
                    files.stream().filter(file -> !Files.exists(file)).findFirst();
            if (gone.isPresent()) {
                return Optional.of(missing(gone.get(), failure));
            }
        }
        return damage ? named(files, message).or(() -> probe(files)) : Optional.empty();
    }

    /** The file that the message names, where reading it alone fails too: the message may name it for another reason. */
    private Optional<LakeException> named(List<Path> files, String message) {
        return files.stream()
                .filter(file -> message.contains("'" + file + "'") || message.contains("\"" + file + "\""))
                .findFirst()
                .flatMap(file -> fault(file).map(cause -> corrupt(file, cause)));
    }

    private Optional<LakeException> probe(List<Path> files) {
        for (Path file : files) {
            Optional<SQLException> fault = fault(file);
            if (fault.isPresent()) {
                return Optional.of(corrupt(file, fault.get()));
            }
        }
        return Optional.empty();
    }

    /** Reads a file to its end. */
    private Optional<SQLException> fault(Path file) {
        synchronized (connection) {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT count(*), bit_xor(hash(row)) FROM (SELECT t AS row FROM read_parquet("
                                    + SqlText.string(SqlText.path(file)) + ", hive_partitioning = false) AS t)")) {
                rows.next();
                return Optional.empty();
            } catch (SQLException e) {
                return Optional.of(e);
            }
        }
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "no message" : message.lines().findFirst().orElse("no message");
    }
}
